-- read-cooldowns-n.lua
-- The texts of some cooldown keys. Of a long text only both ends: there are the mark of allswell, and LiteLLM's fields.
--
-- KEYS[n]  cooldown of the n-th deployment  string, LiteLLM's
-- Returns  per key: its text, or '' where it holds none
-- Cost     O(number of keys), whatever they hold

local WHOLE, HEAD, TAIL = 4096, 64, 512

local texts = {}
for place, key in ipairs(KEYS) do
  local text = ''
  if redis.call('TYPE', key)['ok'] == 'string' then
    text = redis.call('GETRANGE', key, 0, WHOLE)
    if #text > WHOLE then
      text = string.sub(text, 1, HEAD) .. redis.call('GETRANGE', key, -TAIL, -1)
    end
  end
  texts[place] = text
end
return texts
