-- read-targets-2.lua
-- One piece of the target list behind a fingerprint. Where a piece is missing or garbage, the list is unknown from then
-- on, so that its pods bring it again: true whenever this runs, so it may run late.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  pods     hash: target lists
-- ARGV[1]  fingerprint
-- ARGV[2]  which piece, from 0 on
-- Returns  kind, epoch, seq, now, then nothing while the list is unknown, else number of pieces, the piece
-- Cost     O(size of the piece)

--- @include "answer"
--- @include "members"

local pods, print, piece = KEYS[2], ARGV[1], tonumber(ARGV[2])
local pieces = is_hash(pods) and pieces_of(pods, print)
if not pieces or piece >= pieces then
  return answer('ok')
end
local text = field_text(pods, piece_field(print, piece, pieces), LONGEST_PIECE)
if not (text and string.find(text, '^%[[%w@._ -]*%]$')) then
  redis.call('HDEL', pods, TARGETS .. print)
  return answer('ok')
end
return answer('ok', { us(pieces), text })
