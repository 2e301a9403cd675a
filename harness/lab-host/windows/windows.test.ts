import { startLabHost, type LabHost } from '../index';
import { ALL_ROWS } from './testing/all-rows';
import { Conversation } from './testing/conversation';

describe('the lab host answers as Windows', () => {
  let host: LabHost;
  let talk: Conversation;

  beforeEach(async () => {
    host = await startLabHost({ seed: 13 });
    talk = await Conversation.open(host);
  });
  afterEach(async () => {
    await talk.leave();
    await host.close();
  });

  for (const [about, rows] of Object.entries(ALL_ROWS)) {
    describe(about, () => {
      for (const [id, play] of Object.entries(rows)) it(id, () => play(talk, host));
    });
  }
});
