/**
 * Lua that finds the KMS calls in what Wireshark's own DCE/RPC dissector left in a frame. Lua cannot register for an
 * interface (`dcerpc.uuid` takes no Lua dissector in the versions that are packaged today), so this is a post-dissector:
 * desegmented, defragmented stubs come ready in `dcerpc.stub_data`, only the transfer syntax has to be remembered.
 */
export const SESSION_LUA = String.raw`
local PTYPE_REQUEST, PTYPE_RESPONSE, PTYPE_BIND, PTYPE_BIND_ACK, PTYPE_ALTER, PTYPE_ALTER_RESP = 0, 2, 11, 12, 14, 15

-- Made only so that Wireshark keeps these fields, and read by name below.
local field_ptype = Field.new("dcerpc.pkt_type")
local field_stream = Field.new("tcp.stream")
for _, name in ipairs({ "drep", "cn_flags", "cn_call_id", "cn_ctx_id", "cn_bind_to_uuid", "cn_bind_trans_id",
                        "cn_ack_result", "cn_ack_trans_id", "opnum", "stub_data" }) do
  Field.new("dcerpc." .. name)
end

local function hex_of(info) return info.range:bytes():tohex(true) end

-- What each field of interest adds to the PDU it stands in.
local COLLECT = {
  ["dcerpc.drep"] = function(pdu, info) pdu.little = info.range(0, 1):uint() >= 16 end,
  -- Fragments show their own stub; the last one shows the whole.
  ["dcerpc.cn_flags"] = function(pdu, info) pdu.is_last = info.value % 4 >= 2 end,
  ["dcerpc.cn_call_id"] = function(pdu, info) pdu.call_id = info.value end,
  ["dcerpc.cn_ctx_id"] = function(pdu, info)
    pdu.context_id = info.value
    table.insert(pdu.contexts, { id = info.value })
  end,
  ["dcerpc.cn_bind_to_uuid"] = function(pdu, info)
    local context = pdu.contexts[#pdu.contexts]
    if context then context.interface = hex_of(info) end
  end,
  ["dcerpc.cn_ack_result"] = function(pdu, info) table.insert(pdu.results, { result = info.value }) end,
  ["dcerpc.cn_ack_trans_id"] = function(pdu, info)
    local result = pdu.results[#pdu.results]
    if result then result.syntax = hex_of(info) end
  end,
  ["dcerpc.opnum"] = function(pdu, info) pdu.opnum = info.value end,
  ["dcerpc.stub_data"] = function(pdu, info) pdu.stub = info.range end,
}

-- The DCE/RPC PDUs of the frame, in their order: fields come as they were dissected, each PDU begins with its type.
local function pdus_of_frame()
  local pdus, pdu = {}, nil
  for _, info in ipairs({ all_field_infos() }) do
    if info.name == "dcerpc.pkt_type" then
      pdu = { ptype = info.value, contexts = {}, results = {}, little = true }
      table.insert(pdus, pdu)
    elseif pdu and COLLECT[info.name] then
      COLLECT[info.name](pdu, info)
    end
  end
  return pdus
end

-- By stream: contexts offered last, width by context id, requests by call id. By PDU: what the first pass decided.
local sessions, decided = {}, {}

function kms.init() sessions, decided = {}, {} end

local function session_of_frame()
  local stream = field_stream()
  local key = stream and stream.value or -1
  if sessions[key] == nil then sessions[key] = { offered = {}, widths = {}, requests = {} } end
  return sessions[key]
end

local function note_results(session, results)
  for i, result in ipairs(results) do
    local context = session.offered[i]
    if context and result.result == 0 then
      local width = result.syntax == NDR64 and 8 or 4
      session.widths[context.id] = context.interface == KMS_INTERFACE and width or false
    end
  end
end

-- Where the bind is not in the capture: a stub whose two lengths agree, on a message of a size and version of KMS.
local function guess_width(stub, little)
  for _, width in ipairs({ 4, 8 }) do
    if stub:len() >= 2 * width + 4 then
      local claimed = little and stub(0, 4):le_uint() or stub(0, 4):uint()
      local major = stub(2 * width + 2, 2):le_uint()
      local fits = stub:len() == 2 * width + claimed
      if fits and ((claimed == 252 and major == 4) or (claimed == 260 and (major == 5 or major == 6))) then
        return width
      end
    end
  end
  return nil
end

local function width_of(session, pdu)
  local negotiated = session.widths[pdu.context_id]
  if negotiated ~= nil then return negotiated or nil end
  if pdu.ptype == PTYPE_REQUEST then return guess_width(pdu.stub, pdu.little) end
  local request = session.requests[pdu.call_id]
  return request and request.width
end

-- Decided once, in the order of the capture; later passes come in any order and find it here.
local function decide(session, pdu, key)
  local decision = { width = width_of(session, pdu) }
  decided[key] = decision
  if decision.width == nil then return decision end
  if pdu.ptype == PTYPE_REQUEST then
    decision.call = { width = decision.width }
    session.requests[pdu.call_id] = decision.call
  else
    decision.call = session.requests[pdu.call_id]
    session.requests[pdu.call_id] = nil
  end
  return decision
end

local function dissect_call(pdu, decision, tree, pinfo)
  local is_request = pdu.ptype == PTYPE_REQUEST
  local kind = is_request and "request" or "response"
  local subtree = tree:add(kms, pdu.stub, "Key Management Service, " .. kind)
  local ok, result = pcall(function()
    if is_request then return dissect_request(pdu.stub, subtree, pdu.little, decision.width) end
    return dissect_answer(pdu.stub, subtree, pdu.little, decision.width, decision.call)
  end)
  if not ok then
    if type(result) ~= "table" then error(result, 0) end
    local text = string.format("%s at offset %d: %d bytes wanted, %d left", result.kms_path, result.at,
      result.wanted, result.left)
    expert(subtree, E.malformed, text)
    result = { text = "KMS malformed " .. kind .. ", " .. result.kms_path }
  end
  subtree:add(F.kms_kind, result.kind or kind):set_generated()
  if is_request and decision.call then
    for name, value in pairs(result) do decision.call[name] = value end
  end
  pinfo.cols.protocol = "KMS"
  pinfo.cols.info:append("  " .. result.text)
end

function kms.dissector(_, pinfo, tree)
  if field_ptype() == nil then return end
  local session = session_of_frame()
  for i, pdu in ipairs(pdus_of_frame()) do
    local key = pinfo.number .. "/" .. i
    if not pinfo.visited and (pdu.ptype == PTYPE_BIND or pdu.ptype == PTYPE_ALTER) then
      session.offered = pdu.contexts
    elseif not pinfo.visited and (pdu.ptype == PTYPE_BIND_ACK or pdu.ptype == PTYPE_ALTER_RESP) then
      note_results(session, pdu.results)
    elseif pdu.stub and pdu.is_last and (pdu.ptype == PTYPE_REQUEST or pdu.ptype == PTYPE_RESPONSE) then
      local decision = decided[key] or decide(session, pdu, key)
      if decision.width and (pdu.opnum or 0) == 0 then dissect_call(pdu, decision, tree, pinfo) end
    end
  end
end

register_postdissector(kms)
`;
