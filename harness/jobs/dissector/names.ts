import {
  APPLICATIONS,
  HRESULT,
  hresultName,
  KMS_INTERFACE,
  NDR64,
  PRODUCTS,
  writeGuid,
} from '../../../protocol';
import { luaString, luaTable } from './lua';

/** A GUID's 16 octets as they are stored, in hex: what the Lua code compares. */
export function storedGuid(guid: string): string {
  const octets = new Uint8Array(16);
  writeGuid(octets, 0, guid);
  return Buffer.from(octets).toString('hex');
}

/** Lua tables of what GUIDs and HRESULTs mean, from the protocol's own tables. */
export function namesSource(): string {
  const guids = new Map<string, string>([
    [APPLICATIONS.windows, 'Windows'],
    [APPLICATIONS.office2010, 'Office 2010'],
    ...PRODUCTS.map(({ kmsCountedId, name }) => [kmsCountedId, name] as const),
    ...PRODUCTS.flatMap(({ skus }) => skus.map(({ skuId, name }) => [skuId, name] as const)),
  ]);
  const guidNames = [...guids].map(([guid, name]) => [storedGuid(guid), luaString(name)] as const);
  const statuses = Object.values(HRESULT).map((value) => [value, luaString(hresultName(value))] as const);
  return [
    `local KMS_INTERFACE = ${luaString(storedGuid(KMS_INTERFACE.uuid))}`,
    `local NDR64 = ${luaString(storedGuid(NDR64.uuid))}`,
    `local GUID_NAMES = ${luaTable(guidNames)}`,
    `local HRESULT_NAMES = ${luaTable(statuses)}`,
  ].join('\n');
}
