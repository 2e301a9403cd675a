import { luaName, luaString } from './lua';

/** One expert info: what Wireshark marks in a packet and lists under Analyze, Expert Information. */
export interface ExpertInfo {
  /** Member of the Lua table `E`. */
  readonly key: string;
  readonly abbreviation: string;
  readonly text: string;
  readonly group: 'PROTOCOL' | 'MALFORMED' | 'SECURITY' | 'RESPONSE_CODE';
  readonly severity: 'CHAT' | 'NOTE' | 'WARN' | 'ERROR';
}

const info = (
  key: string,
  text: string,
  severity: ExpertInfo['severity'] = 'WARN',
  group: ExpertInfo['group'] = 'PROTOCOL',
): ExpertInfo => ({ key, abbreviation: `kms.expert.${key}`, text, group, severity });

/** What the dissector marks; the clauses are those of the requirements MSG-02 to MSG-07, RPC-20 and TIME-09. */
export const EXPERT_INFOS: readonly ExpertInfo[] = [
  info('epid_odd', 'PIDSize is odd: an ePID is UTF-16'),
  info('epid_too_long', 'PIDSize is over 128'),
  info('epid_unterminated', 'The ePID has no NUL within PIDSize'),
  info('name_unterminated', 'The workstation name has no NUL within its 128 bytes'),
  info('echo_cmid', 'CMID is not the one of the request'),
  info('echo_time', 'ClientTime is not the one of the request'),
  info('echo_version', 'The version is not the one of the request'),
  info('interval', 'An interval outside 15 to 43200 minutes'),
  info('lengths_differ', 'The two lengths of the stub differ'),
  info('trailing', 'Octets behind the stub', 'NOTE'),
  info('surplus', 'Octets behind the message', 'NOTE'),
  info('mac_unchecked', 'MAC not checked: that takes a key', 'CHAT', 'SECURITY'),
  info('refusal', 'Refused', 'NOTE', 'RESPONSE_CODE'),
  info('malformed', 'Ends before its fields do', 'ERROR', 'MALFORMED'),
];

/** The Lua table `E` of all expert infos, and their registration with the protocol. */
export function expertInfosSource(): string {
  const rows = EXPERT_INFOS.map(
    ({ key, abbreviation, text, group, severity }) =>
      `  ${luaName(key)} = ProtoExpert.new(${luaString(abbreviation)}, ${luaString(text)}, ` +
      `expert.group.${group}, expert.severity.${severity}),`,
  );
  const names = EXPERT_INFOS.map(({ key }) => `E.${luaName(key)}`);
  return ['local E = {', ...rows, '}', `kms.experts = { ${names.join(', ')} }`].join('\n');
}
