/** Lua that turns a whole stub into tree, expert infos and the text of the info column. */
export const MESSAGES_LUA = String.raw`
-- Bytes of ePID at most (Operations Guide, appendix 1), and the limits of an interval in minutes.
local MAX_EPID_SIZE, MIN_INTERVAL, MAX_INTERVAL = 128, 15, 43200

local function expert(item, info, text)
  if item == nil then return end
  if text then item:add_proto_expert_info(info, text) else item:add_proto_expert_info(info) end
end

local function is_sealed(range)
  if range:len() < 4 then return false end
  local major = range(2, 2):le_uint()
  return major == 5 or major == 6
end

-- A message is little-endian whatever the PDU says.
local function read_message(range, tree, read_clear)
  local r = reader(range, true, 4)
  local sealed = is_sealed(range)
  local read = sealed and read_kms_sealed or read_clear
  local v, items = read(r, tree)
  v.sealed_message = sealed
  if rest_of(r) > 0 then
    expert(tree:add(F.kms_surplus, r.range(r.at, rest_of(r))), E.surplus)
  end
  if items.mac then expert(items.mac, E.mac_unchecked) end
  return v, items, r.ranges
end

local function check_stub(v, items, claimed)
  if as_number(claimed) ~= as_number(v.maxCount) then expert(items.maxCount, E.lengths_differ) end
  if v.trailing then expert(items.trailing, E.trailing) end
end

local function dissect_request(stub, tree, little, width)
  local v, items = read_stub_request(reader(stub, little, width), tree)
  check_stub(v, items, v.requestSize)
  if v.message == nil then return { text = "KMS request without a message" } end
  local m, message_items, ranges = read_message(v.message, tree, read_kms_request)
  if m.sealed_message then
    return { text = string.format("KMS request v%d, sealed", m.majorVersion), sealed = true }
  end
  if not has_nul(ranges["kms.request.workstationName"]) then
    expert(message_items.workstationName, E.name_unterminated)
  end
  local product = GUID_NAMES[m.kmsCountedId] or "unknown product"
  return {
    cmid = m.clientMachineId, time = m.requestTime, threshold = m.requiredClientCount,
    major = m.majorVersion, minor = m.minorVersion,
    text = string.format("KMS request %s, N_Policy %d, CMID %s", product, m.requiredClientCount,
      guid_text(m.clientMachineId)),
  }
end

local function check_epid(m, items, range)
  if m.ePidSize % 2 == 1 then expert(items.ePidSize, E.epid_odd) end
  if m.ePidSize > MAX_EPID_SIZE then expert(items.ePidSize, E.epid_too_long) end
  if range == nil or not has_nul(range) then
    expert(items.ePid or items.ePidSize, E.epid_unterminated)
  end
end

local function check_echo(m, items, request)
  if request == nil or request.cmid == nil then return end
  if m.clientMachineId ~= request.cmid then expert(items.clientMachineId, E.echo_cmid) end
  if m.requestTime ~= request.time then expert(items.requestTime, E.echo_time) end
  if m.majorVersion ~= request.major or m.minorVersion ~= request.minor then
    expert(items.majorVersion, E.echo_version)
  end
end

local function check_interval(minutes, item)
  if minutes < MIN_INTERVAL or minutes > MAX_INTERVAL then expert(item, E.interval) end
end

local function dissect_response_message(range, tree, request)
  local m, items, ranges = read_message(range, tree, read_kms_response)
  if m.sealed_message then return { text = string.format("KMS response v%d, sealed", m.majorVersion) } end
  check_epid(m, items, ranges["kms.response.ePid"])
  check_echo(m, items, request)
  check_interval(m.activationIntervalMinutes, items.activationIntervalMinutes)
  check_interval(m.renewalIntervalMinutes, items.renewalIntervalMinutes)
  local threshold = request and request.threshold
  if threshold == nil then return { text = string.format("KMS response count %d", m.currentClientCount) } end
  local activates = m.currentClientCount >= threshold
  tree:add(F.kms_threshold, threshold):set_generated()
  tree:add(F.kms_activates, activates):set_generated()
  return { text = string.format("KMS response count %d of %d%s", m.currentClientCount, threshold,
    activates and ", activates" or "") }
end

local function name_hresult(v, items)
  local name = HRESULT_NAMES[v.hresult] or "unknown"
  items.hresult:append_text(" (" .. name .. ")")
  if v.hresult ~= 0 then expert(items.hresult, E.refusal, "Refused: " .. name) end
  return string.format("0x%08X %s", v.hresult, name)
end

local function has_pointer(stub, little, width)
  if stub:len() < 2 * width then return false end
  for at = width, 2 * width - 1 do
    if stub(at, 1):uint() ~= 0 then return true end
  end
  return false
end

local function dissect_answer(stub, tree, little, width, request)
  local r = reader(stub, little, width)
  if not has_pointer(stub, little, width) then
    local v, items = read_stub_refusal(r, tree)
    if v.trailing then expert(items.trailing, E.trailing) end
    return { kind = "refusal", text = "KMS refusal " .. name_hresult(v, items) }
  end
  local v, items = read_stub_response(r, tree)
  check_stub(v, items, v.responseSize)
  local hresult = name_hresult(v, items)
  if v.message == nil then return { text = "KMS response without a message" } end
  local result = dissect_response_message(v.message, tree, request)
  if v.hresult ~= 0 then return { kind = "refusal", text = "KMS refusal " .. hresult } end
  return result
end
`;
