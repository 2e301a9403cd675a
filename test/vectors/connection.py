"""Calls out of fragments, and exchanges out of the two directions of a connection."""

from message import decode_message, decode_stub
from pdu import FIRST, HEADER_SIZE, LAST, decode_pdu, encode_pdu, order_of
from wire import Order

SYNTAXES = {
    ("8a885d04-1ceb-11c9-9fe8-08002b104860", 2): "ndr32",
    ("71710533-beba-4937-8319-b5dbef9ccc36", 1): "ndr64",
}


def out_of_order(pdu, open_call):
    if pdu["header"]["pfcFlags"] & FIRST:
        return open_call is not None
    return open_call is None or pdu["header"]["callId"] != open_call["callId"]


def join_calls(pdus):
    """The calls of one direction, and the fragment that is out of order, if any."""
    calls, open_call = [], None
    for at, pdu in enumerate(pdus):
        if out_of_order(pdu, open_call):
            error = {"code": "bad-value", "path": "rpc.header.pfcFlags", "offset": 3}
            return calls, {"at": at, **error}
        if open_call is None:
            ids = {"callId": pdu["header"]["callId"], "contextId": pdu["body"]["contextId"]}
            open_call = {**ids, "fragmentCount": 0, "stub": ""}
        open_call["fragmentCount"] += 1
        open_call["stub"] += pdu["body"]["stub"]
        if pdu["header"]["pfcFlags"] & LAST:
            calls.append(open_call)
            open_call = None
    return calls, None


def cut(data):
    """The PDUs of one direction. One that says to be shorter than its header ends the cutting."""
    pdus = []
    while data:
        size = max(int.from_bytes(data[8:10], order_of(data).name), HEADER_SIZE)
        pdus.append(decode_pdu(data[:size]))
        data = data[size:]
    return pdus


def joined(pdus):
    return b"".join(encode_pdu(pdu) for pdu in pdus).hex()


def agree_on_contexts(contexts, asked, answered):
    for context, result in zip(asked["body"]["contexts"], answered["body"]["results"], strict=True):
        contexts.pop(context["contextId"], None)
        if result["result"] == 0:
            syntax = result["transferSyntax"]
            contexts[context["contextId"]] = SYNTAXES[syntax["uuid"], syntax["version"]]


def message_of(pdu, of, syntax):
    order = Order(pdu["bigEndian"], syntax)
    stub = decode_stub(bytes.fromhex(pdu["body"]["stub"]), of, order)
    if stub["kind"] == "refusal":
        return {"kind": "refusal", "hresult": stub["value"]["hresult"]}
    return decode_message(bytes.fromhex(stub["value"]["message"]), stub["kind"])


def read_conversation(sent, received):
    contexts, exchanges = {}, []
    for asked, answered in zip(sent, received, strict=True):
        if answered["kind"] in ("bindAck", "alterContextResp"):
            agree_on_contexts(contexts, asked, answered)
        elif (asked["kind"], answered["kind"]) == ("request", "response"):
            syntax = contexts[asked["body"]["contextId"]]
            exchanges.append(
                {
                    "callId": asked["header"]["callId"],
                    "transferSyntax": syntax,
                    "request": message_of(asked, "request", syntax),
                    "answer": message_of(answered, "answer", syntax),
                }
            )
    return exchanges
