/** The sum of 16-bit words with end-around carry: 0xffff where a checksum in it is right (RFC 1071). */
function onesSum(bytes: Buffer): number {
  let sum = 0;
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  for (let at = 0; at < even.length; at += 2) {
    sum += even.readUInt16BE(at);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

export const ipv4HeaderSum = (frame: Buffer): number =>
  onesSum(frame.subarray(14, 14 + (frame[14]! & 15) * 4));

export function tcpSum(frame: Buffer): number {
  const start = 14 + (frame[14]! & 15) * 4;
  const end = 14 + frame.readUInt16BE(16);
  const length = Buffer.alloc(4);
  length.writeUInt16BE(6, 0);
  length.writeUInt16BE(end - start, 2);
  return onesSum(Buffer.concat([frame.subarray(26, 34), length, frame.subarray(start, end)]));
}
