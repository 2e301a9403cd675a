import { makeVisible } from './visible';

/**
 * Text as it may stand in XML 1.0 content and in quoted attributes. Characters that XML forbids, and others that act
 * instead of being seen, are written out; white space is kept from attribute normalisation.
 */
export function escapeXml(text: string): string {
  return makeVisible(text).replace(/[&<>"'\n\t]/g, (character) => XML_ENTITIES[character]!);
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};
