-- write-cooldowns-n.lua
-- Write LiteLLM's cooldown keys of some deployments for a few seconds, and end those of ours that are over.
--
-- KEYS[n]  cooldown of the n-th deployment  string, LiteLLM's; behind them those that the guards name
-- ARGV[1]  how long a written one lives, ms
-- ARGV[2]  how the texts of allswell begin
-- ARGV[3]  guards, each `<cools>|<leaves>;`: places in KEYS of what a pool cools, and of what it leaves, `1,2|5+6,7;`. The keys
--          of one deployment are joined by `+`
-- ARGV[n]  from 4 on: text of the n-th deployment, or '' to end a cooldown of ours
-- Returns  per deployment: written, ended, last (every one that a guard leaves has a cooldown in force), theirs (LiteLLM's own,
--          which lasts longer), blocked (the key holds something else that does not expire before), or none
-- Cost     O(number of keys)
--
-- A script whose caller gave up may run later. It is harmless then: LiteLLM ignores a text whose own time has passed.

local life, ours = tonumber(ARGV[1]), ARGV[2]

local function is_ours(key)
  return redis.call('GETRANGE', key, 0, #ours - 1) == ours
end

-- When a cooldown ends, in Unix seconds; nil where the text is none. As `readCooldown`.
local function end_of(text)
  local fields = string.match(text, '.*(status_code.*)') or text
  local at = tonumber(string.match(fields, '["\']timestamp["\']: ?(%d+%.?%d*)'))
  local seconds = tonumber(string.match(fields, '["\']cooldown_time["\']: ?(%d+%.?%d*)'))
  return at and seconds and at + seconds, at
end

-- A text without an expiry whose own time has passed stays for ever, and LiteLLM ignores it.
local function holder(key, text, left)
  local ends = end_of(redis.call('GETRANGE', key, -512, -1))
  if not ends then
    return 'blocked'
  end
  local _, now = end_of(text)
  if not now or ends > now then
    return 'theirs'
  end
  return left == -1 and 'nobody' or 'blocked'
end

local FIRST_TEXT = 4

-- Cooldowns of ours expire with their key, so one that is there is in force, or is about to be.
local function is_cooled(key, now)
  if redis.call('TYPE', key)['ok'] ~= 'string' then
    return false
  end
  if is_ours(key) then
    return true
  end
  local ends = end_of(redis.call('GETRANGE', key, -512, -1))
  return ends ~= nil and ends > now
end

local function is_free(places, now)
  for place in string.gmatch(places, '%d+') do
    if is_cooled(KEYS[tonumber(place)], now) then
      return false
    end
  end
  return true
end

local function leaves_one(leaves, now)
  for places in string.gmatch(leaves, '[^,]+') do
    if is_free(places, now) then
      return true
    end
  end
  return false
end

-- Two fleets that cool a deployment each of one pool read none of each other's keys if they start at once. What the scripts
-- see is never old: the second one finds the key of the first.
local function refused_by_guards(now)
  local refused = {}
  for cools, leaves in string.gmatch(ARGV[3], '([^|]*)|([^;]*);') do
    if not leaves_one(leaves, now) then
      for place in string.gmatch(cools, '%d+') do
        refused[tonumber(place)] = true
      end
    end
  end
  return refused
end

local function time_of_texts()
  for place = FIRST_TEXT, #ARGV do
    local _, now = end_of(ARGV[place])
    if now then
      return now
    end
  end
  return 0
end

local outcomes, refused = {}, refused_by_guards(time_of_texts())
for place = 1, #ARGV - FIRST_TEXT + 1 do
  local key, text = KEYS[place], ARGV[place + FIRST_TEXT - 1]
  local kind = redis.call('TYPE', key)['ok']
  if kind ~= 'none' and kind ~= 'string' then
    outcomes[place] = text == '' and 'none' or 'blocked'
  elseif text == '' then
    local ends = kind == 'string' and is_ours(key)
    if ends then
      redis.call('DEL', key)
    end
    outcomes[place] = ends and 'ended' or 'none'
  elseif refused[place] then
    outcomes[place] = 'last'
  else
    local left = redis.call('PTTL', key)
    local free = kind == 'none' or is_ours(key) or (left >= 0 and left < life)
    local held = free and 'nobody' or holder(key, text, left)
    if held == 'nobody' then
      redis.call('SET', key, text, 'PX', life)
      outcomes[place] = 'written'
    else
      outcomes[place] = held
    end
  end
end
return outcomes
