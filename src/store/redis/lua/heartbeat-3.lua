-- heartbeat-3.lua
-- Say that a pod lives, keep its target list, drop who does not live, keep the fleet's keys for another while.
--
-- KEYS[1]  records  hash
-- KEYS[2]  leases   hash
-- KEYS[3]  pods     hash: pod id -> "<until> <json>"; "!targets:<print>" -> "[<target id> <target id> …]"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  membership time, ms
-- ARGV[4]  what the pod says of itself, json
-- ARGV[5]  fingerprint of its targets
-- ARGV[6]  its target list, or "" while the store may still have it
-- ARGV[7]  longest believable membership, ms
-- ARGV[8]  time after which keys without a heartbeat expire, ms
-- Returns  kind, epoch, seq, now, "known" or "unknown" (the target list is missing: send it), then pod id, json, …
-- Cost     O(number of members)

--- @include "answer"
--- @include "fields"

if now > tonumber(ARGV[1]) then
  return answer('late')
end
keep_hashes()

local TARGETS = '!targets:'
local pods, pod = KEYS[3], ARGV[2]
local ttl_us = tonumber(ARGV[3]) * 1000
local latest = now + math.max(ttl_us, tonumber(ARGV[7]) * 1000)

local function member_from(text)
  local till, json = string.match(text, '^(%d+) ({.*})$')
  till = stamp_of(till)
  return till, json
end

local fields = redis.call('HKEYS', pods)
local members, lists = {}, {}
for _, field in ipairs(fields) do
  if string.sub(field, 1, #TARGETS) == TARGETS then
    lists[#lists + 1] = field
  elseif field ~= pod then
    members[#members + 1] = field
  end
end

-- The target lists can be long: they stay where they are, only the members are read.
local texts = read_fields(pods, members)
local body, jsons, changed, gone = { 'known', pod, ARGV[4] }, { ARGV[4] }, { pod, us(now + ttl_us) .. ' ' .. ARGV[4] }, {}
for _, field in ipairs(members) do
  local till, json = member_from(texts[field])
  if not till or till <= now then
    gone[#gone + 1] = field
  else
    body[#body + 1] = field
    body[#body + 1] = json
    jsons[#jsons + 1] = json
    if till > latest then
      changed[#changed + 1] = field
      changed[#changed + 1] = us(latest) .. ' ' .. json
    end
  end
end

local function shown(print)
  for _, json in ipairs(jsons) do
    if string.find(json, '"targetsPrint":"' .. print .. '"', 1, true) then
      return true
    end
  end
  return false
end

for _, field in ipairs(lists) do
  if not shown(string.sub(field, #TARGETS + 1)) then
    gone[#gone + 1] = field
  end
end

local own = TARGETS .. ARGV[5]
local list = redis.call('HGET', pods, own)
if not (list and string.find(list, '^%[[%w@._ -]*%]$')) then
  if ARGV[6] == '' then
    body[1] = 'unknown'
  else
    changed[#changed + 1] = own
    changed[#changed + 1] = ARGV[6]
  end
end

write_fields(pods, changed)
remove_fields(pods, gone)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ARGV[8])
end
return answer('ok', body)
