/** Small pieces of Lua source. Everything that is written into the dissector passes through here. */

/** A Lua string literal; anything but printable ASCII as decimal escapes. */
export function luaString(text: string): string {
  const bytes = [...Buffer.from(text, 'utf8')];
  const escaped = bytes.map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

/** A Lua table with numbers or strings as keys; the values are Lua source. */
export function luaTable(entries: Iterable<readonly [number | string, string]>): string {
  const rows = [...entries].map(([key, value]) => `[${luaKey(key)}] = ${value}`);
  return rows.length === 0 ? '{}' : `{ ${rows.join(', ')} }`;
}

const luaKey = (key: number | string): string => (typeof key === 'number' ? String(key) : luaString(key));

/** A name for a Lua local or table member: dots and all else that is no letter, digit or underscore become `_`. */
export const luaName = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, '_');

export const luaComment = (text: string): string =>
  text
    .split('\n')
    .map((line) => `-- ${line}`.trimEnd())
    .join('\n');
