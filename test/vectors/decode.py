"""Decodes a folder of `kmsspec vectors` and says where it disagrees with them.

    python3 decode.py FOLDER

Written from docs/vectors.md and docs/fields.md alone, by somebody who had not seen the code of
kmsspec. It prints the id of each vector that differs, with what was expected and what it got, and
for each group how many agree; it ends with 1 where one differs or a group is not there.
"""

import json
import sys
from pathlib import Path

import connection
import counting
import mac
import message
import pdu
from wire import Malformed, Order

SCHEMA = "kmsspec.vectors/1"
NOTES = ("id", "comment", "source")
MISSING = "nothing"


def as_pdu(vector):
    return {"bytes": pdu.encode_pdu(vector).hex(), **pdu.decode_pdu(octets(vector))}


def as_stub(vector):
    order = order_of(vector)
    return {
        "bytes": message.encode_stub(vector, order).hex(),
        **message.decode_stub(octets(vector), vector["of"], order),
    }


def as_message(vector):
    data, of = octets(vector), vector["of"]
    return {
        "bytes": message.encode_message(vector["content"], of).hex(),
        "content": message.decode_message(data, of),
        "labMac": message.verdict_of_lab_mac(data),
    }


def as_mac(vector):
    keys = mac.round_keys(bytes.fromhex(vector["key"]))
    text = bytes.fromhex(vector["message"])
    return {"key": mac.LAB_KEY.hex(), "mac": mac.cbc_mac(text, keys).hex()}


def as_malformed(vector):
    data = octets(vector)
    decoders = {
        "pdu": lambda: pdu.decode_pdu(data),
        "requestStub": lambda: message.decode_stub(data, "request", order_of(vector)),
        "answerStub": lambda: message.decode_stub(data, "answer", order_of(vector)),
        "requestMessage": lambda: message.decode_message(data, "request"),
        "responseMessage": lambda: message.decode_message(data, "response"),
    }
    try:
        decoders[vector["of"]]()
    except Malformed as error:
        return {"error": error.as_error()}
    return {"error": MISSING}


def as_call(vector):
    pdus = [pdu.decode_pdu(bytes.fromhex(fragment)) for fragment in vector["pdus"]]
    calls, error = connection.join_calls(pdus)
    return {
        "of": pdus[0]["kind"],
        "pdus": [pdu.encode_pdu(fragment).hex() for fragment in pdus],
        "calls": calls,
        "error": error,
    }


def as_conversation(vector):
    sent = connection.cut(bytes.fromhex(vector["sent"]))
    received = connection.cut(bytes.fromhex(vector["received"]))
    return {
        "sent": connection.joined(sent),
        "received": connection.joined(received),
        "exchanges": connection.read_conversation(sent, received),
    }


def as_grant(vector):
    return {"hresult": counting.hresult_for(vector["keyGroup"], vector["request"])}


def as_counting(vector):
    return {"steps": counting.replay(vector["profile"], vector["steps"])}


def as_history(vector):
    host = counting.Host(vector["profile"])
    return {"hasOrder": counting.has_order(vector["history"]["events"], host)}


# What each group gives, and what it derives from it.
GROUPS = {
    "pdu": ((), as_pdu),
    "stub": (("transferSyntax", "bigEndian", "of"), as_stub),
    "message": (("of",), as_message),
    "mac": (("message",), as_mac),
    "malformed": (("bytes", "of", "transferSyntax", "bigEndian"), as_malformed),
    "call": ((), as_call),
    "conversation": ((), as_conversation),
    "grant": (("keyGroup", "request"), as_grant),
    "counting": (("profile",), as_counting),
    "history": (("profile", "history"), as_history),
}


def octets(vector):
    return bytes.fromhex(vector["bytes"])


def order_of(vector):
    return Order(vector["bigEndian"], vector["transferSyntax"])


def difference(expected, got, path=""):
    """The first place where two values of JSON differ, their types and the order of fields included."""
    if type(expected) is type(got) and isinstance(expected, dict) and list(expected) == list(got):
        places = ((f"{path}.{key}".lstrip("."), expected[key], got[key]) for key in expected)
    elif type(expected) is type(got) and isinstance(expected, list) and len(expected) == len(got):
        places = ((f"{path}[{i}]", expected[i], got[i]) for i in range(len(expected)))
    elif type(expected) is type(got) and expected == got:
        return None
    else:
        return f"{path}: expected {json.dumps(expected)}, got {json.dumps(got)}"
    return next(filter(None, (difference(e, g, place) for place, e, g in places)), None)


def check(group, vector):
    """What is wrong with a vector, or None."""
    given, derive = GROUPS[group]
    expected = {key: vector[key] for key in vector if key not in NOTES and key not in given}
    try:
        got = derive(vector)
    except Exception as error:  # a vector that breaks the decoder is one that it disagrees with
        return f"expected {json.dumps(expected)}, got {type(error).__name__}: {error}"
    in_order = {key: got[key] for key in expected if key in got}
    return difference(expected, {**in_order, **got})


def read_vectors(folder, group):
    try:
        content = json.loads((folder / f"{group}.json").read_text(encoding="utf-8"))
    except OSError as error:
        sys.exit(f"{group}.json of `kmsspec vectors --out DIR` cannot be read: {error}")
    if content["schema"] != SCHEMA or content["group"] != group:
        sys.exit(f"{group}.json is of {content['schema']}, group {content['group']}")
    vectors = content["vectors"]
    if len({vector["id"] for vector in vectors}) != len(vectors) or not vectors:
        sys.exit(f"{group}.json has no vectors, or two of one id")
    return vectors


def check_group(folder, group):
    """Prints each difference, then the line of the group; tells how many differ."""
    vectors = read_vectors(folder, group)
    found = [(vector["id"], check(group, vector)) for vector in vectors]
    wrong = [(name, what) for name, what in found if what is not None]
    for name, what in wrong:
        print(f"{name}: {what}")
    print(f"{group}: {len(vectors) - len(wrong)} agree, {len(wrong)} differ")
    return len(wrong)


def main(folder):
    unknown = {path.stem for path in folder.glob("*.json")} - set(GROUPS) - {"kmsspec.vectors.1"}
    if unknown:
        sys.exit(f"no decoder for {', '.join(sorted(unknown))}")
    return 1 if sum([check_group(folder, group) for group in GROUPS]) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: decode.py FOLDER, one that `kmsspec vectors --out FOLDER` wrote")
    sys.exit(main(Path(sys.argv[1])))
