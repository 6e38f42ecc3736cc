--- @include "members"
-- The changes among the members, so that a pod need not read all of them: "!members" -> "<stamp us> <number>
-- <due us> <fields> <members>", and the last changes, "!change:<number mod 256>" -> "<number> <stamp> <pod id>". A change is
-- a member that comes or goes, or says something else of itself; its stamp only grows, so that a change is known again
-- even where a failover lost some and their numbers were used twice. <due> is before all members' until: nothing can have
-- expired before it. <fields> and <members> are what the last script left: with other numbers another program wrote here.

local STATE, CHANGE, CHANGES = '!members', '!change:', 256
-- A fleet has fewer pods than that; so many fields are a flood, which is not read at all.
local MOST_MEMBERS, MOST_FIELDS, LONGEST_MEMBER = 2000, 6000, 40000
-- So many bytes of members are a flood, too: what is beyond it is removed unread.
local MOST_MEMBER_BYTES = 16777216

-- nil where there is none, or one that does not parse.
local function membership_of(pods)
  local text = field_text(pods, STATE)
  if not text or #text > 100 then
    return nil
  end
  local at, number, due, fields, members = string.match(text, '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  local found = {
    at = stamp_of(at),
    number = stamp_of(number),
    due = stamp_of(due),
    fields = stamp_of(fields),
    members = stamp_of(members),
    text = text,
  }
  if not (found.at and found.number and found.due and found.fields and found.members) then
    return nil
  end
  return found
end

local function change_text(state)
  return us(state.number) .. ' ' .. us(state.at)
end

local function change_field(number)
  return CHANGE .. us(number % CHANGES)
end

local function note_change(pods, state, pod)
  state.at = math.max(state.at + 1, now)
  state.number = state.number + 1
  redis.call('HSET', pods, change_field(state.number), change_text(state) .. ' ' .. pod)
end

-- Leaves out so many numbers that a pod which knows an older one reads all members again.
local function begin_anew(pods, state, pod)
  state.number = state.number + CHANGES
  note_change(pods, state, pod)
end

local function keep_membership(pods, state)
  local head = us(state.at) .. ' ' .. us(state.number) .. ' ' .. us(state.due)
  local text = head .. ' ' .. us(state.fields) .. ' ' .. us(state.members)
  if text ~= state.text then
    redis.call('HSET', pods, STATE, text)
  end
end
