import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wiresharkDissector } from '../../jobs/dissector/dissector';
import { packageRoot } from '../../support/package-root';
import { EXIT, type Verb } from '../verb';

/** `kmsspec dissector`: prints the Wireshark dissector, made from the layouts. */
export const verb: Verb = {
  configure(command) {
    command.addHelpText('after', '\nExample: kmsspec dissector > ~/.local/lib/wireshark/plugins/kms.lua');
  },
  run(_args, _options, context) {
    const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    context.stdout.write(wiresharkDissector(version));
    return Promise.resolve(EXIT.ok);
  },
};
