/** Reads the KMS exchanges of a capture one by one, in bounded memory, and counts the machines that asked. */
import { answerText, readExchanges } from 'kmsspec/captures';

async function main(file: string): Promise<void> {
  const machines = new Set<string>();
  const exchanges = readExchanges(file);
  let last = 'nothing';
  for await (const exchange of exchanges) {
    const { content } = exchange.request;
    if (content.kind === 'clear') machines.add(content.value.clientMachineId);
    last = answerText(exchange);
  }
  console.log(`${machines.size} machines asked; the last answer was: ${last}`);
}

void main(process.argv[2] ?? 'captures/corpus/v4-mixed-growth.pcap');
