import { type FaultName, startLabHost } from '../../../lab-host';

/** A lab host whose death is that of its process: `mortal-host.ts PORT FAULT`. It says where it listens, and nobody restarts it. */
const [port = '0', fault = ''] = process.argv.slice(2);
const LOOK_MS = 5;

void startLabHost({ port: Number(port), faults: [fault as FaultName], seed: 1 }).then((host) => {
  process.stdout.write(`${host.port}\n`);
  setInterval(() => {
    if (!host.alive) process.exit(1);
  }, LOOK_MS);
});
