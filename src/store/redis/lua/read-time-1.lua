-- read-time-1.lua
-- The store's clock, epoch and sequence only.
--
-- KEYS[1]  records  hash, for the epoch only
-- Returns  kind, epoch, seq, now
-- Cost     O(1)

--- @include "answer"

return answer('ok')
