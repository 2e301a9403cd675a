import { expect } from 'chai';
import { readCounters } from './read-counters';

/** What `cscript slmgr.vbs /dlv` prints of a KMS host on an English system, its names made up. */
const DLV = `Software licensing service version: 6.1.7601.17514

Name: Windows Server(R), ServerEnterprise edition
Description: Windows Operating System - Windows Server(R), VOLUME_KMS_R2_C channel
License Status: Licensed
Remaining Windows rearm count: 3

Key Management Service is enabled on this computer
    Current count: 27
    Listening on Port: 1688
    DNS publishing enabled
    KMS priority: Normal

Key Management Service cumulative requests received from clients
    Total requests received: 346
    Failed requests received: 5
    Requests with License Status Unlicensed: 1
    Requests with License Status Licensed: 293
    Requests with License Status Initial grace period: 32
    Requests with License Status License expired or Hardware out of tolerance: 7
    Requests with License Status Non-genuine grace period: 0
    Requests with License Status Notification: 8
`;

describe('the counters that a control prints', () => {
  it('are read from what slmgr /dlv prints', () => {
    expect(readCounters(DLV.replaceAll('\n', '\r\n'))).to.deep.equal({
      currentCount: 27,
      totalRequests: 346,
      failedRequests: 5,
      unlicensedRequests: 1,
      licensedRequests: 293,
      oobGraceRequests: 32,
      ootGraceRequests: 7,
      nonGenuineGraceRequests: 0,
      notificationRequests: 8,
    });
  });

  it('are read from one JSON object, whatever stands beside them, a byte order mark in front', () => {
    const text =
      '\uFEFF {"currentCount": 12, "requiredClientCount": 5, "alive": true, "failedRequests": null}\r\n';
    expect(readCounters(text)).to.deep.equal({ currentCount: 12, requiredClientCount: 5 });
  });

  it('leave out what a host that is none has in their place', () => {
    expect(readCounters('{"currentCount": 4294967295, "totalRequests": 0}')).to.deep.equal({
      totalRequests: 0,
    });
    expect(readCounters('Current count: 4294967295\nTotal requests received: 3')).to.deep.equal({
      totalRequests: 3,
    });
  });

  for (const [text, problem] of [
    ['', /printed no counter \(""\)/],
    ['{}', /printed no counter/],
    ['Error: access is denied.', /printed no counter \("Error: access/],
    ['[1]', /printed no counter/],
    ['{"currentCount": 1', /not one JSON object/],
    ['{"currentCount": 1}{"currentCount": 2}', /not one JSON object/],
    ['{"currentCount": "50"}', /a counter that is none: currentCount/],
    ['{"currentCount": -1}', /a counter that is none: currentCount/],
    ['{"totalRequests": 1.5}', /a counter that is none: totalRequests/],
    ['{"totalRequests": 1e300}', /a counter that is none: totalRequests/],
  ] as const) {
    it(`are none in ${JSON.stringify(text)}`, () => expect(readCounters(text)).to.match(problem));
  }
});
