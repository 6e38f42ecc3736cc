-- write-alerts-2.lua
-- Replace the fleet's document of alerts, if the pod holds the lease and the document has the expected version.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  alerts   hash: see includes/alerts
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  expected version of the document; 0 for none
-- ARGV[4]  a version below the new one
-- ARGV[5]  the text
-- Returns  kind, epoch, seq, now, "written" and the new version, or "refused"
-- Cost     O(size of the document)

--- @include "in-time"
--- @include "alerts"

local alerts = KEYS[2]
local till, holder = alerts_lease(alerts)
local version = alerts_document(alerts)
if not till or till <= now or holder ~= ARGV[2] or us(version) ~= ARGV[3] then
  return answer('ok', { 'refused' })
end
local above = time_of(ARGV[4]) or 0
version = math.max(version + 1, above + 1, now)
redis.call('HSET', alerts, '!document', us(version) .. ' ' .. ARGV[5])
redis.call('PEXPIRE', alerts, us(ALERTS_LIFE_MS))
return answer('ok', { 'written', us(version) })
