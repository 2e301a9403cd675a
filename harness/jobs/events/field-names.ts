/** What a field of an exported event is for. */
export type FieldRole = 'id' | 'provider' | 'computer' | 'time';

/**
 * Names of fields, the surer ones first: of the Event Viewer (in the languages of Windows), Get-WinEvent, Get-EventLog, wevtutil, EvtxECmd,
 * Winlogbeat, NXLog, Splunk. Compared without case, spaces and punctuation.
 */
const NAMES: Readonly<Record<FieldRole, readonly string[]>> = {
  // biome-ignore format: a list
  id: [
    'eventid', 'eventcode', 'instanceid', 'eventidentifier', 'winlogeventid', 'id',
    'ereignisid', 'iddelévénement', 'idévénement', 'idévènement', 'iddelévènement', 'iddelevento', 'idevento', 'iddoevento', 'identificadordeevento',
    'identificaçãodoevento', 'gebeurtenisid', 'イベントid', '事件id', '事件识别码', '事件識別碼', '이벤트id', 'кодсобытия', 'identyfikatorzdarzenia',
    'idudálosti', 'händelseid', 'hændelsesid', 'hendelsesid', 'tapahtumatunnus', 'olaykimliği', 'eseményazonosító', 'αναγνωριστικόσυμβάντος',
  ],
  // biome-ignore format: a list
  provider: [
    'providername', 'provider', 'sourcename', 'source', 'eventsource', 'winlogprovidername', 'quelle', 'origen', 'origine', 'origem', 'bron', 'ソース', '源', '来源',
    '원본', 'источник', 'źródło', 'zdroj', 'källa', 'kilde', 'lähde', 'kaynak', 'forrás',
  ],
  // biome-ignore format: a list
  computer: [
    'computer', 'computername', 'machinename', 'winlogcomputername', 'hostname', 'ordinateur', 'equipo', 'computador', 'コンピューター', '计算机', '電腦',
    '컴퓨터', 'компьютер', 'komputer', 'počítač', 'dator', 'tietokone', 'bilgisayar', 'számítógép',
  ],
  // biome-ignore format: a list
  time: [
    'systemtime', 'timecreated', 'timegenerated', 'eventtime', 'timestamp', 'timecreatedvalue', 'timecreatedsystemtime', 'timewritten', 'utctime', 'date', 'time', 'dateandtime',
    'datumunduhrzeit', 'datum', 'dateetheure', 'fechayhora', 'fecha', 'dataeora', 'dataehora', 'datumentijd', '日付と時刻', '日付', '日期和时间', '日期', '날짜및시간',
    'датаивремя', 'дата',
  ],
};

const RANKS = new Map<string, { readonly role: FieldRole; readonly rank: number }>();
for (const [role, names] of Object.entries(NAMES) as [FieldRole, readonly string[]][]) {
  names.forEach((name, rank) => RANKS.set(name, { role, rank }));
}

/** A name as it is compared: `Event ID`, `event_id` and `EventId` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

type KnownRole = { readonly role: FieldRole; readonly rank: number } | null;
/** Logs repeat a few names a million times; made-up ones are not kept. */
const remembered = new Map<string, KnownRole>();
const REMEMBERED = 2000;

/** What a field is for, and how sure that is (0 the surest); null for all others. A path counts by its last one or two parts. */
export function roleOf(name: string): KnownRole {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const parts = name.split('.').filter((part) => !/^[#$]/.test(part));
  const asked = [name, parts.slice(-2).join(''), parts.at(-1) ?? ''];
  const role = asked.map((one) => RANKS.get(plainName(one))).find((one) => one !== undefined) ?? null;
  if (remembered.size < REMEMBERED) remembered.set(name, role);
  return role;
}

/** Picks of an event's fields the surest one for each role. */
export class FieldPicker {
  readonly #found = new Map<FieldRole, { readonly rank: number; readonly value: string }>();

  /** @returns whether the field has a role */
  offer(name: string, value: string): boolean {
    const known = roleOf(name);
    if (known === null) return false;
    const { role, rank } = known;
    const other = this.#found.get(role);
    if (value.trim() !== '' && (other === undefined || rank < other.rank)) {
      this.#found.set(role, { rank, value: value.trim() });
    }
    return true;
  }

  get(role: FieldRole): string {
    return this.#found.get(role)?.value ?? '';
  }

  /** The event's number, or null. */
  id(): number | null {
    const text = this.get('id');
    return /^(-?\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : null;
  }
}

/** Fields that hold an event's own values have a number: `param1`, `Data 3`, `winlog.event_data.param10`, `String[2]`. */
const NUMBERED =
  /^(.*?(?:param|data|string|property|properties|value|field|replacementstrings?).*?)[\s_.[#(]*(\d{1,2})[\])]?(?:\.value|\.#text)?$/i;

/** The numbered fields of an event in the order of their numbers. */
export function numberedValues(fields: readonly (readonly [name: string, value: string])[]): string[] {
  return fields
    .flatMap(([name, value]) => {
      const match = NUMBERED.exec(name);
      return match === null ? [] : [{ at: Number(match[2]), value }];
    })
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
