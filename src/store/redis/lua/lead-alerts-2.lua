-- lead-alerts-2.lua
-- Take, extend or give back the lease of the one pod that sends alerts, and read the fleet's document. All pods ask for the same time, so
-- a lease that ends later was written before the clock was set back.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  alerts   hash: see includes/alerts
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  lease time, ms; 0 to give it back
-- ARGV[4]  version of the document that the pod has
-- Returns  kind, epoch, seq, now, pod that holds it ('' for none), until, version, then the text if it has another version
-- Cost     O(size of the document)

--- @include "in-time"
--- @include "alerts"

local alerts, pod, ttl = KEYS[2], ARGV[2], tonumber(ARGV[3]) * 1000
local till, holder = alerts_lease(alerts)
local taken = till and till > now and (ttl == 0 or till <= now + ttl)
if not taken or holder == pod then
  if ttl == 0 then
    till, holder = now, ''
    redis.call('HDEL', alerts, '!lease')
  else
    till, holder = now + ttl, pod
    redis.call('HSET', alerts, '!lease', us(till) .. ' ' .. pod)
    redis.call('PEXPIRE', alerts, us(ALERTS_LIFE_MS))
  end
end
local version, text = alerts_document(alerts)
local body = { holder, us(till), us(version) }
if text and us(version) ~= ARGV[4] then
  body[4] = text
end
return answer('ok', body)
