-- write-targets-2.lua
-- Keep one piece of the target list behind a fingerprint; the rules are those of TargetsInput.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  pods     hash: pod id -> "<until> <json>"; target lists
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  fingerprint
-- ARGV[4]  which piece, from 0 on
-- ARGV[5]  of how many
-- ARGV[6]  the piece, "[<target id> <target id> …]"
-- Returns  kind, epoch, seq, now, "known" or "unknown" (the whole list)
-- Cost     O(size of the piece + number of pieces)

--- @include "in-time"
--- @include "members"

local pods, print, pieces = KEYS[2], ARGV[3], tonumber(ARGV[5])

-- A list lives as long as a member that shows it, and so does the key: nothing is written that nobody would remove.
local function wanted()
  local till, json = member_from(field_text(pods, ARGV[2]))
  return till and till > now and print_in(json) == print
end

local function complete()
  for piece = 0, pieces - 1 do
    if redis.call('HEXISTS', pods, piece_field(print, piece, pieces)) == 0 then
      return false
    end
  end
  return true
end

if not wanted() then
  return answer('ok', { 'unknown' })
end
if pieces_of(pods, print) then
  return answer('ok', { 'known' })
end
redis.call('HSET', pods, piece_field(print, tonumber(ARGV[4]), pieces), ARGV[6])
if not complete() then
  return answer('ok', { 'unknown' })
end
redis.call('HSET', pods, TARGETS .. print, us(pieces))
return answer('ok', { 'known' })
