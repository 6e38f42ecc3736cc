-- read-time-1.lua
-- The store's clock and the life of its data, and nothing else.
--
-- KEYS[1]  records  hash, for the life of the data only
-- Returns  kind, epoch, seq, now
-- Cost     O(1)

--- @include "answer"

return answer('ok')
