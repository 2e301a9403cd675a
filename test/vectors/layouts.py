"""The structures of docs/fields.md, copied from it by hand: whoever changes one looks at both."""

from wire import REST, Field


def numbers(kind, *names):
    return tuple(Field(name, kind) for name in names)


VERSIONS = numbers("u16", "minorVersion", "majorVersion")
TRAILING = Field("trailing", "bytes", REST)
STUB = Field("stub", "bytes", REST)
MAC = Field("mac", "bytes", 16)

KMS_REQUEST = (
    *VERSIONS,
    *numbers("u32", "isVirtualMachine", "licenseStatus", "bindingExpirationMinutes"),
    *numbers("guid", "applicationId", "skuId", "kmsCountedId", "clientMachineId"),
    Field("requiredClientCount", "u32"),
    Field("requestTime", "filetime"),
    Field("previousClientMachineId", "guid"),
    Field("workstationName", "filled text", 128),
    MAC,
)

KMS_RESPONSE = (
    *VERSIONS,
    Field("ePidSize", "u32"),
    Field("ePid", "counted text", "ePidSize"),
    Field("clientMachineId", "guid"),
    Field("requestTime", "filetime"),
    *numbers("u32", "currentClientCount", "activationIntervalMinutes", "renewalIntervalMinutes"),
    MAC,
)

KMS_SEALED = (
    *VERSIONS,
    Field("initializationVector", "bytes", 16),
    Field("sealed", "bytes", REST),
)

MESSAGE = Field("message", "bytes", "maxCount")
HRESULT = Field("hresult", "u32")

STUB_REQUEST = (*numbers("length", "requestSize", "maxCount"), MESSAGE, TRAILING)
STUB_RESPONSE = (
    *numbers("length", "responseSize", "referentId", "maxCount"),
    MESSAGE,
    Field("padding", "padding", 4),
    HRESULT,
    TRAILING,
)
STUB_REFUSAL = (*numbers("length", "responseSize", "referentId"), HRESULT, TRAILING)

RPC_HEADER = (
    *numbers("u8", "rpcVers", "rpcVersMinor", "ptype", "pfcFlags"),
    Field("drep", "bytes", 4),
    *numbers("u16", "fragLength", "authLength"),
    Field("callId", "u32"),
)

FRAGMENT_SIZES = numbers("u16", "maxXmitFrag", "maxRecvFrag")
ABSTRACT_SYNTAX = (Field("uuid", "guid"), *numbers("u16", "major", "minor"))
TRANSFER_SYNTAX = (Field("uuid", "guid"), Field("version", "u32"))

CONTEXT = (
    Field("contextId", "u16"),
    *numbers("u8", "transferSyntaxCount", "reserved"),
    Field("abstractSyntax", "structure", parts=ABSTRACT_SYNTAX),
    Field("transferSyntaxes", "list", "transferSyntaxCount", TRANSFER_SYNTAX),
)
RPC_BIND = (
    *FRAGMENT_SIZES,
    Field("assocGroupId", "u32"),
    *numbers("u8", "contextCount", "reserved"),
    Field("reserved2", "u16"),
    Field("contexts", "list", "contextCount", CONTEXT),
    TRAILING,
)

RESULT = (
    *numbers("u16", "result", "reason"),
    Field("transferSyntax", "structure", parts=TRANSFER_SYNTAX),
)
RPC_BIND_ACK = (
    *FRAGMENT_SIZES,
    Field("assocGroupId", "u32"),
    Field("secondaryAddressLength", "u16"),
    Field("secondaryAddress", "bytes", "secondaryAddressLength"),
    Field("padding", "padding", 4),
    *numbers("u8", "resultCount", "reserved"),
    Field("reserved2", "u16"),
    Field("results", "list", "resultCount", RESULT),
    TRAILING,
)

RPC_BIND_NAK = (
    Field("reason", "u16"),
    Field("versionCount", "u8"),
    Field("versions", "list", "versionCount", numbers("u8", "major", "minor")),
    TRAILING,
)

ALLOC_AND_CONTEXT = (Field("allocHint", "u32"), Field("contextId", "u16"))
CANCELS = numbers("u8", "cancelCount", "reserved")
REQUEST_HEAD = (*ALLOC_AND_CONTEXT, Field("opnum", "u16"))
RPC_REQUEST = (*REQUEST_HEAD, STUB)
RPC_REQUEST_OF_OBJECT = (*REQUEST_HEAD, Field("objectUuid", "guid"), STUB)
RPC_RESPONSE = (*ALLOC_AND_CONTEXT, *CANCELS, STUB)
RPC_FAULT = (*ALLOC_AND_CONTEXT, *CANCELS, *numbers("u32", "status", "reserved2"), STUB)
RPC_OTHER = (Field("content", "bytes", REST),)
