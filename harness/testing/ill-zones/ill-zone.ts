import type { Answer } from 'dns-packet';
import type { Behaviour } from '../dns-zone';

/** Hosts that a zone may name, by what they do. */
export type HostRole = 'good' | 'second' | 'small' | 'office' | 'down' | 'silent' | 'web';

/** The port of a host, which is started when it is first asked for. */
export type Ports = (role: HostRole) => number;

/** One situation: what DNS holds, and how it answers. */
export interface IllZone {
  /** Ends the sentence "a domain …". */
  readonly name: string;
  readonly records: (domain: string, port: Ports) => readonly Answer[];
  /** Names that exist without records. */
  readonly empty?: (domain: string) => readonly string[];
  readonly behaviour?: (name: string, type: string) => Behaviour;
  /** Nothing listens where DNS should. */
  readonly noServer?: true;
  /** Options of `discover` and `probe`, as names without the domain. */
  readonly expect?: readonly string[];
  readonly profile?: 'vista-2008';
  /** Lookups or hosts that are waited for in vain: the run is told to wait shorter. */
  readonly waits?: true;
  /** A real name server cannot hold it, or answers otherwise. */
  readonly notByNamed?: true;
}
