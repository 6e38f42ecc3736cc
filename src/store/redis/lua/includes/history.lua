--- @include "answer"
-- Histories: target id -> "<at> <json>", newest first, a line each.

-- What a target keeps while the fleet remembers so many of them: its share of the fleet's points, one at least.
local function history_share(key, limits)
  local share = math.floor(limits.fleet_points / math.max(1, redis.call('HLEN', key)))
  return { points = math.max(1, math.min(limits.points, share)), kept_us = limits.kept_us }
end

-- A history with one more point before it, less what is too much or too old.
local function history_with(text, point, share)
  local lines = { point }
  for line in string.gmatch(text or '', '[^\n]+') do
    local at = string.find(line, '^%d+ {.*}$') and time_of(string.match(line, '^%d+'))
    if at and at > now - share.kept_us and #lines < share.points then
      lines[#lines + 1] = line
    end
  end
  return table.concat(lines, '\n')
end
