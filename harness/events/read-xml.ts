import { SaxesParser } from 'saxes';
import { EventLogError } from './event-error';
import { type LoggedEvent, parseEventLine } from './event-line';
import { type ParsedEvents, REQUEST_EVENT_ID, severalHosts } from './parsed-events';

/** One `<Event>` as it is read. */
interface RawEvent {
  id: string;
  recordId: string;
  computer: string;
  readonly data: string[];
}

/**
 * Reads what `wevtutil qe … /f:xml` prints: `<Event>` elements, with or without a root around them. The parser expands no
 * entities but XML's own five, and a DOCTYPE is refused, so that no file can blow up.
 * @throws EventLogError where it is no well-formed XML, or holds no events
 */
export function readXmlEvents(text: string, file: string): ParsedEvents {
  const raw = parseEvents(text.replace(/^\s*<\?xml[^>]*\?>/, ''), file);
  const events: LoggedEvent[] = [];
  const warnings: string[] = [];
  const computers = new Set<string>();
  let others = 0;
  raw.forEach((event, i) => {
    if (event.id !== REQUEST_EVENT_ID) {
      others++;
      return;
    }
    if (event.computer !== '') computers.add(event.computer.toLowerCase());
    const where = event.recordId === '' ? `event ${i + 1}` : `event record ${event.recordId}`;
    // The fields come as one text or as one <Data> each.
    const parsed = parseEventLine(event.data.join(','));
    if (parsed === null)
      warnings.push(`${file}, ${where}: event ${REQUEST_EVENT_ID} without the fields of a request`);
    else events.push({ ...parsed, where });
  });
  return { events, others, warnings: [...warnings, ...severalHosts(computers, file)] };
}

function parseEvents(text: string, file: string): RawEvent[] {
  const events: RawEvent[] = [];
  const path: string[] = [];
  let current: RawEvent | null = null;
  const parser = new SaxesParser({ fragment: true, position: true });
  const fail = (problem: string): never => {
    throw new EventLogError(file, `line ${parser.line}`, problem);
  };
  parser.on('error', ({ message }) => fail(`no well-formed XML (${message.replace(/^\d+:\d+: /, '')})`));
  parser.on('doctype', () => fail('an event log has no DOCTYPE'));
  parser.on('opentag', ({ name }) => {
    const local = name.replace(/^.*:/, '');
    path.push(local);
    if (local === 'Event') events.push((current = { id: '', recordId: '', computer: '', data: [] }));
    if (local === 'Data') current?.data.push('');
  });
  parser.on('closetag', () => {
    path.pop();
  });
  const onText = (piece: string): void => {
    const element = path.at(-1);
    if (current === null) return;
    if (element === 'EventID') current.id += piece.trim();
    if (element === 'EventRecordID') current.recordId += piece.trim();
    if (element === 'Computer') current.computer += piece.trim();
    if (element === 'Data') current.data.push((current.data.pop() ?? '') + piece);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.write(text).close();
  if (events.length === 0) throw new EventLogError(file, '', 'the XML holds no <Event>');
  return events;
}
