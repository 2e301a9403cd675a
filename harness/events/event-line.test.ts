import { expect } from 'chai';
import fc from 'fast-check';
import { minuteOf, parseEventLine } from './event-line';

/** The example of the Operations Guide. */
const EXAMPLE =
  '0x0, 25, kms03.site5.contoso.com, e5c98033-aab6-4d0b-9af9-1d399597dd56, 2006/1/14 22:36, 1, 2, 40123, cf67834d-db4a-402c-ab1f-2c134f02b700';

describe('the line of event 12290', () => {
  it('reads the example of the Operations Guide', () => {
    expect(parseEventLine(EXAMPLE)).to.deep.equal({
      hresult: 0,
      requiredClientCount: 25,
      workstationName: 'kms03.site5.contoso.com',
      clientMachineId: 'e5c98033-aab6-4d0b-9af9-1d399597dd56',
      clientTime: '2006/1/14 22:36',
      clientMinute: Date.UTC(2006, 0, 14, 22, 36) / 60_000,
      isVirtualMachine: 1,
      licenseStatus: 2,
      bindingExpirationMinutes: 40123,
      skuId: 'cf67834d-db4a-402c-ab1f-2c134f02b700',
    });
  });

  it('finds it in the message around it, with braces, capitals and without spaces', () => {
    const inMessage = `An activation request has been processed.\r\n\r\nInfo:\r\n${EXAMPLE.replace(/, /g, ',')}`;
    expect(parseEventLine(inMessage)).to.deep.equal(parseEventLine(EXAMPLE));
    const braces = EXAMPLE.replace(/([0-9a-f]{8}-[0-9a-f-]{27})/g, (guid) => `{${guid.toUpperCase()}}`);
    expect(parseEventLine(`Info: ${braces}.`)).to.deep.equal(parseEventLine(EXAMPLE));
  });

  it('keeps HRESULTs as the unsigned numbers that they are', () => {
    expect(parseEventLine(EXAMPLE.replace('0x0', '0xC004F042'))!.hresult).to.equal(0xc004f042);
    expect(parseEventLine(EXAMPLE.replace('0x0', '0x8007000d'))!.hresult).to.equal(0x8007000d);
  });

  it('leaves commas to the name that has them', () => {
    expect(parseEventLine(EXAMPLE.replace('kms03.site5', 'a,b,'))!.workstationName).to.equal(
      'a,b,.contoso.com',
    );
  });

  it('reads nothing else', () => {
    for (const text of [
      '',
      EXAMPLE.split(', ').slice(0, 8).join(', '),
      EXAMPLE.replace('e5c98033', 'e5c9803'),
      EXAMPLE.replace(' 25,', ' many,'),
      EXAMPLE.replace('0x0', '0x123456789'),
      '0x0, 16 bytes that are no version 4.0 request',
    ]) {
      expect(parseEventLine(text), text).to.equal(null);
    }
  });

  it('survives any text', () => {
    const unit = fc.constantFrom(...'0x19, abf-{}./:\r\n\t\0é\ud800');
    const mangled = fc
      .tuple(fc.nat(EXAMPLE.length), fc.nat(20), fc.string({ unit, maxLength: 40 }))
      .map(([at, length, text]) => EXAMPLE.slice(0, at) + text + EXAMPLE.slice(at + length));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 300, size: 'max' }), mangled), (text) => {
        const event = parseEventLine(text);
        // What is read is whole: numbers are numbers, ids are ids.
        if (event === null) return;
        expect(event.clientMachineId).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(event.hresult).to.be.within(0, 0xffffffff);
        expect(event.bindingExpirationMinutes).to.be.a('number').and.not.NaN;
      }),
    );
  });

  it('knows times in the forms that exports have them', () => {
    const minute = Date.UTC(2026, 10, 21, 7, 6) / 60_000;
    for (const time of ['2026/11/21 7:06', '2026-11-21T07:06:59.123Z', '2026-11-21 07:06']) {
      expect(minuteOf(time), time).to.equal(minute);
    }
    for (const time of ['', '11/21/2026 7:06', 'FILETIME 1', '2026/11/21', '2026/11/21 7:06 AM']) {
      expect(minuteOf(time), time).to.equal(null);
    }
  });
});
