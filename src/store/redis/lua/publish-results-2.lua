-- publish-results-2.lua
-- Overwrite LiteLLM's results, whatever the type of the old value, under the lease of the bridge.
--
-- KEYS[1]  results  string, LiteLLM's
-- KEYS[2]  bridge   string: "<until> <pod>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  expiry of the text, ms
-- ARGV[4]  text
-- Returns  kind, epoch, seq, now, then "published", or "refused" if the lease is not this pod's
-- Cost     O(length of the text)

--- @include "late"
--- @include "bridge"

local till, holder = bridge_lease(KEYS[2])
if not till or till <= now or holder ~= ARGV[2] then
  return answer('ok', { 'refused' })
end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[3])
return answer('ok', { 'published' })
