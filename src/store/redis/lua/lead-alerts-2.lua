-- lead-alerts-2.lua
-- Take, extend or give back the lease of the one pod that sends alerts, and read the fleet's document. All pods ask for the same time, so
-- a lease that ends later was written before the clock was set back. Each pod leaves its report, and the holder reads those of others.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  alerts   hash: see includes/alerts
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  lease time, ms; 0 to give it back
-- ARGV[4]  version of the document that the pod has
-- ARGV[5]  view: a name for what the pod's configuration has; pods with an equal one share a report
-- ARGV[6]  report: '' for none
-- Returns  kind, epoch, seq, now, pod that holds it ('' for none), until, version, '1' and the text if it has another version, else '0'
--          and '', then for the holder the reports of other views
-- Cost     O(size of the document and of the reports)

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
alerts_report(alerts, ARGV[5], ARGV[6], now)
local version, text = alerts_document(alerts)
local is_other = text and us(version) ~= ARGV[4]
local body = { holder, us(till), us(version), is_other and '1' or '0', is_other and text or '' }
if holder == pod then
  for _, report in ipairs(alerts_reports(alerts, ARGV[5], now)) do
    body[#body + 1] = report
  end
end
return answer('ok', body)
