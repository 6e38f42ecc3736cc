-- leave-2.lua
-- End a pod's membership.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  pods     hash: pod id -> "<until> <json>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- Returns  kind, epoch, seq, now
-- Cost     O(1)

--- @include "in-time"

redis.call('HDEL', KEYS[2], ARGV[2])
return answer('ok')
