const GUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const ENDPOINT = /(\b\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d+/gi;
const HEX = /\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi;
const NUMBER = /\d+(?:,\d{3})*(?:\.\d+)?/g;

/**
 * What kind of failure a message tells, without the numbers, ids and bytes of this run: two runs that fail for the
 * same reason give the same text. Statuses such as 0xC004F042 are kept: another status is another failure.
 */
export function failureClass(message: string): string {
  const statuses: string[] = [];
  return message
    .replace(GUID, 'GUID')
    .replace(ENDPOINT, 'HOST')
    .replace(HEX, (hex) => {
      if (!/^0x[0-9a-f]{8}$/i.test(hex)) return 'HEX';
      statuses.push(hex.toUpperCase().replace('0X', '0x'));
      return '\u0001';
    })
    .replace(NUMBER, 'N')
    .replace(/\u0001/g, () => statuses.shift()!)
    .replace(/\s+/g, ' ')
    .trim();
}
