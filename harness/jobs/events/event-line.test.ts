import { expect } from 'chai';
import fc from 'fast-check';
import { findEventLine, findEventLines, parseEventLine } from './event-line';

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

  it('finds all of several in one text', () => {
    const other = EXAMPLE.replace('e5c98033', 'e5c98034').replace('0x0', '0xC004F042');
    for (const between of [' ', '\r\n', ' | ', '</td><td>', '"},{"Message":"']) {
      const found = findEventLines([EXAMPLE, other, EXAMPLE].join(between));
      expect(
        found.map(({ hresult, workstationName, clientMachineId }) => [
          hresult,
          workstationName,
          clientMachineId.slice(0, 8),
        ]),
        between,
      ).to.deep.equal([
        [0, 'kms03.site5.contoso.com', 'e5c98033'],
        [0xc004f042, 'kms03.site5.contoso.com', 'e5c98034'],
        [0, 'kms03.site5.contoso.com', 'e5c98033'],
      ]);
    }
    expect(findEventLines(EXAMPLE)).to.have.length(1);
    expect(findEventLines('')).to.deep.equal([]);
  });

  it('tells a client’s line from a host’s', () => {
    const asked =
      '0xC004F06C, 0x00000000, kms01.contoso.com:1688, 36f27b39-2fd5-440b-be67-a09996d27a38, 2010/09/29 17:52, 0, 2, 41760, 68531fb9-5511-4989-97be-d11a0f55633f, 5';
    expect(findEventLine(asked)).to.include({ isClients: true, trailing: 5 });
    expect(parseEventLine(asked)).to.equal(null);
    expect(findEventLine(`${EXAMPLE}, 5`)).to.include({ isClients: false });
  });
});
