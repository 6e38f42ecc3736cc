-- keep-cooldowns-n.lua
-- Keep LiteLLM's cooldown keys of some deployments alive for a few seconds more, and end those of ours that are over.
--
-- KEYS[n]  cooldown of the n-th deployment  string, LiteLLM's
-- ARGV[1]  how long a kept one lives, ms
-- ARGV[2]  how the texts of allswell begin
-- ARGV[n]  from 3 on: text of the n-th deployment, or '' to end a cooldown of ours
-- Returns  per deployment: kept, ended, theirs (LiteLLM's own, which lasts longer), blocked (the key holds something else
--          that does not expire before), or none
-- Cost     O(number of deployments)
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

local outcomes = {}
for place, key in ipairs(KEYS) do
  local text = ARGV[place + 2]
  local kind = redis.call('TYPE', key)['ok']
  if kind ~= 'none' and kind ~= 'string' then
    outcomes[place] = text == '' and 'none' or 'blocked'
  elseif text == '' then
    local ends = kind == 'string' and is_ours(key)
    if ends then
      redis.call('DEL', key)
    end
    outcomes[place] = ends and 'ended' or 'none'
  else
    local left = redis.call('PTTL', key)
    local free = kind == 'none' or is_ours(key) or (left >= 0 and left < life)
    local held = free and 'nobody' or holder(key, text, left)
    if held == 'nobody' then
      redis.call('SET', key, text, 'PX', life)
      outcomes[place] = 'kept'
    else
      outcomes[place] = held
    end
  end
end
return outcomes
