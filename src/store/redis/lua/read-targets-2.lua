-- read-targets-2.lua
-- One piece of a target list. If a piece is missing or garbage, the list becomes unknown, so that its pods write it again.
-- That is correct at any time, so the script may run late.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  pods     hash: target lists
-- ARGV[1]  hash of the list
-- ARGV[2]  index of the piece, from 0
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
