import { APPLICATIONS, HRESULT } from '../../../protocol';
import { habit } from './habit';

const KNOWN: ReadonlySet<string> = new Set(Object.values(APPLICATIONS));
const isUnknown = ({ applicationId }: { readonly applicationId: string }): boolean =>
  !KNOWN.has(applicationId);

/** What good hosts do with an AppID that they have never heard of: no source says. */
export const APPLICATION_HABITS = [
  habit({
    name: 'counts-unknown-applications-together',
    sentence: 'It counts the machines of all applications that it does not know in one table.',
    override: ({ tableKey }) => ({
      tableKey: (request) => (isUnknown(request) ? 'unknown' : tableKey(request)),
    }),
  }),
  habit({
    name: 'counts-unknown-applications-as-windows',
    sentence: 'It counts the machines of applications that it does not know with those of Windows.',
    override: ({ tableKey }) => ({
      tableKey: (request) => (isUnknown(request) ? APPLICATIONS.windows : tableKey(request)),
    }),
  }),
  habit({
    name: 'refuses-unknown-applications',
    sentence: 'It refuses applications that it does not know.',
    override: ({ decide }) => ({
      decide: (request, ...rest) =>
        isUnknown(request) ? HRESULT.productNotOffered : decide(request, ...rest),
    }),
  }),
];
