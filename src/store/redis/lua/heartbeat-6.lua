-- heartbeat-6.lua
-- Say that a pod lives, drop who does not and the lists that nobody shows, keep the fleet's keys for another while.
--
-- KEYS[1]  records  hash
-- KEYS[2]  leases   hash
-- KEYS[3]  pods     hash: pod id -> "<until> <json>"; target lists
-- KEYS[4]  holds    hash
-- KEYS[5]  budget   hash
-- KEYS[6]  history  hash
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  membership time, ms
-- ARGV[4]  what the pod says of itself, json
-- ARGV[5]  fingerprint of its targets
-- ARGV[6]  longest believable membership, ms
-- ARGV[7]  time after which keys without a heartbeat expire, ms
-- Returns  kind, epoch, seq, now, "known" or "unknown" (the pod's target list), then pod id, json, pod id, json, …
-- Cost     O(number of members), whatever the number of targets

--- @include "in-time"
--- @include "members"

local pods, pod = KEYS[3], ARGV[2]
local ttl_us = tonumber(ARGV[3]) * 1000
local latest = now + math.max(ttl_us, tonumber(ARGV[6]) * 1000)

local fields = redis.call('HKEYS', pods)
local members, lists = {}, {}
for _, field in ipairs(fields) do
  if string.sub(field, 1, #TARGETS) == TARGETS then
    lists[#lists + 1] = field
  elseif field ~= pod then
    members[#members + 1] = field
  end
end

local texts = read_fields(pods, members)
local body, shown = { 'unknown', pod, ARGV[4] }, { [ARGV[5]] = true }
local changed, gone = { pod, us(now + ttl_us) .. ' ' .. ARGV[4] }, {}
for _, field in ipairs(members) do
  local till, json = member_from(texts[field])
  if not till or till <= now then
    gone[#gone + 1] = field
  else
    body[#body + 1] = field
    body[#body + 1] = json
    local print = print_in(json)
    if print then
      shown[print] = true
    end
    if till > latest then
      changed[#changed + 1] = field
      changed[#changed + 1] = us(latest) .. ' ' .. json
    end
  end
end

for _, field in ipairs(lists) do
  if not shown[string.match(field, '^[^:]*:([^:]*)')] then
    gone[#gone + 1] = field
  end
end

if pieces_of(pods, ARGV[5]) then
  body[1] = 'known'
end
write_fields(pods, changed)
remove_fields(pods, gone)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ARGV[7])
end
return answer('ok', body)
