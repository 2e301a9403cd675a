import { calls } from './groups/calls';
import { conversations } from './groups/conversations';
import { countings } from './groups/countings';
import { grants } from './groups/grants';
import { histories } from './groups/histories';
import { macs } from './groups/macs';
import { malformed } from './groups/malformed';
import { messages } from './groups/messages';
import { pdus } from './groups/pdus';
import { stubs } from './groups/stubs';
import type { GroupName, VectorOf } from './vector-file';
import { VECTORS_SCHEMA } from './vector-file';

interface Group {
  /** What an implementation does with them. */
  readonly about: string;
  readonly make: () => Iterable<object>;
}

const GROUPS: Readonly<Record<GroupName, Group>> = {
  pdu: {
    about: 'Decode `bytes` to kind, header, body and authTrailer; encode these to the same bytes',
    make: pdus,
  },
  stub: { about: 'Decode `bytes` to kind and value; encode these to the same bytes', make: stubs },
  message: {
    about:
      'Decode `bytes` to content; encode it to the same bytes; tell whether the MAC is that of the lab key',
    make: messages,
  },
  mac: { about: 'Compute the MAC of `message` under `key`', make: macs },
  malformed: {
    about: 'Decode `bytes` as what `of` says: it must fail, in this way and at this place',
    make: malformed,
  },
  call: { about: 'Join the fragments in `pdus`', make: calls },
  conversation: {
    about: 'Read both directions of a connection, and tell what was asked and answered',
    make: conversations,
  },
  grant: { about: 'Decide what a host with a key of this group answers', make: grants },
  counting: { about: 'Count as a host of this profile does', make: countings },
  history: { about: 'Tell whether some order of the events gives their counts', make: histories },
};

/** The names of all groups of vectors. */
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];

/** The vectors of one group, as their file holds them. */
export interface VectorFile<G extends GroupName = GroupName> {
  readonly schema: typeof VECTORS_SCHEMA;
  readonly group: G;
  readonly about: string;
  readonly vectors: readonly VectorOf<G>[];
}

/** All vectors of a group: the same ones at all times. Reads the recordings of the package. */
export function vectorFile<G extends GroupName>(group: G): VectorFile<G> {
  const { about, make } = GROUPS[group];
  const vectors = [...make()].map((vector, i) => ({
    id: `${group}-${String(i + 1).padStart(4, '0')}`,
    ...vector,
  }));
  return { schema: VECTORS_SCHEMA, group, about, vectors: vectors as unknown as VectorOf<G>[] };
}

/** A file of vectors, one a line: what changes between versions shows in a diff. */
export function vectorFileText({ vectors, ...head }: VectorFile): string {
  const lines = vectors.map((vector) => JSON.stringify(vector)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"vectors":[\n${lines}\n]}\n`;
}
