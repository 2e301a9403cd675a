#!/bin/sh
# Makes captures/corpus/field/ anew: what real tools can make, by them (Debian: tshark, tcpdump); the rest by
# captures/testing/make-field.ts, which also writes the manifest. Run from the top of the repository, as root (tcpdump).
# Recordings of real sockets differ from run to run in ports, times and sequence numbers, not in their exchanges.
set -eu

corpus=captures/corpus
out=$corpus/field
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
rm -f "$out"/*

play() { node -r ts-node/register captures/testing/play-recording.ts "$@"; }

# recording TOOL-COMMAND... -- PLAY-ARGUMENTS...: runs the tool while a recording is played.
recording() {
  tool=
  while [ "$1" != -- ]; do tool="$tool '$1'"; shift; done
  shift
  : >"$work/log"
  eval "exec $tool" 2>"$work/log" &
  pid=$!
  until grep -qiE 'listening on|^File: ' "$work/log"; do sleep 0.1; done
  sleep 0.5
  play "$@"
  sleep 1
  kill -INT $pid
  wait $pid || true
}

recording tcpdump -Z root -U -i lo --time-stamp-precision=nano -w $out/tcpdump-nanoseconds.pcap tcp port 16881 \
  -- v4-refused.pcap
recording tcpdump -Z root -U -i lo -w $out/tcpdump-ipv6.pcap tcp port 16881 \
  -- v4-refused.pcap --address ::1
recording tcpdump -Z root -U -i any -y LINUX_SLL -w $out/tcpdump-cooked-v1.pcap tcp port 16881 \
  -- v4-refused.pcap
recording tcpdump -Z root -U -i any -y LINUX_SLL2 -w $out/tcpdump-cooked-v2.pcap tcp port 16881 \
  -- v4-one-connection-ndr64.pcap
recording tcpdump -Z root -U -i lo -s 200 -w $out/tcpdump-snap-length.pcap tcp port 16881 \
  -- v4-refused.pcap
recording tcpdump -Z root -U -i lo -w $out/tcpdump-pieces.pcap tcp port 16881 \
  -- v4-one-connection-ndr64.pcap --piece 48
recording tcpdump -Z root -U -i lo -w $out/tcpdump-reset.pcap tcp port 16881 \
  -- v4-refused.pcap --close reset
recording tcpdump -Z root -U -i lo -w $out/tcpdump-half-close.pcap tcp port 16881 \
  -- v4-threshold-clients.pcap --close half --connections 3
recording tcpdump -Z root -U -i lo -w $out/tcpdump-one-direction.pcap tcp dst port 16881 \
  -- v4-refused.pcap
recording tcpdump -Z root -U -i lo -w "$work/pipe.pcap" tcp port 16881 \
  -- v5.pcap
gzip -9n <"$work/pipe.pcap" >$out/tcpdump-gzipped.pcap.gz
recording dumpcap -q -i lo -f 'tcp port 16881' -w $out/dumpcap.pcapng \
  -- v4-refused.pcap
recording dumpcap -q -i lo -f 'tcp port 16881' -i any -f 'tcp port 16881' -w $out/dumpcap-two-interfaces.pcapng \
  -- v6.pcap

editcap -F nsecpcap $corpus/v4-refused.pcap $out/editcap-nanoseconds.pcap
editcap -F pcapng $corpus/v5.pcap "$work/v5.pcapng"
gzip -9n <"$work/v5.pcapng" >$out/editcap.pcapng.gz
mergecap -I none -w $out/mergecap-interfaces.pcapng $corpus/v4-refused.pcap $out/tcpdump-cooked-v1.pcap
editcap -F pcapng $corpus/v4-refused.pcap "$work/refused.pcapng"
cat "$work/refused.pcapng" "$work/v5.pcapng" >$out/two-sections.pcapng
mergecap -F pcap -w $out/mergecap-every-packet-twice.pcap $corpus/v4-refused.pcap $corpus/v4-refused.pcap
editcap -F pcap -r $corpus/v4-one-connection-ndr64.pcap $out/editcap-starts-in-mid-connection.pcap 12-36
editcap -F pcap -r $corpus/v4-one-connection-ndr64.pcap $out/editcap-ends-in-mid-connection.pcap 1-18
editcap -F pcap $corpus/v4-one-connection-ndr64.pcap $out/editcap-request-missing.pcap 18
editcap -F pcap $corpus/v4-one-connection-ndr64.pcap $out/editcap-response-missing.pcap 19
editcap -F pcap $corpus/v4-refused.pcap $out/editcap-handshake-missing.pcap 1-3
for range in 1-9 11-11 10-10 12-13 16-17 14-15 18-36; do
  editcap -F pcap -r $corpus/v4-one-connection-ndr64.pcap "$work/$range.pcap" $range
done
mergecap -a -F pcap -w $out/mergecap-out-of-order.pcap "$work/1-9.pcap" "$work/11-11.pcap" "$work/10-10.pcap" \
  "$work/12-13.pcap" "$work/16-17.pcap" "$work/14-15.pcap" "$work/18-36.pcap"
head -c 3000 $corpus/v4-refused.pcap >$out/cut-in-a-record.pcap
head -c 3000 "$work/refused.pcapng" >$out/cut-in-a-block.pcapng
head -c 1400 $out/tcpdump-gzipped.pcap.gz >$out/cut-gzip.pcap.gz

node -r ts-node/register captures/testing/make-field.ts
