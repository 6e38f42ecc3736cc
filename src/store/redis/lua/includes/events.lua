--- @include "numbers"
-- Events: "<kind> <epoch> <seq> <store time> <pod>", then a line per target.

local function publish(event, lines)
  if #lines == 0 then
    return
  end
  local head = event.kind .. ' ' .. event.epoch .. ' ' .. us(event.seq) .. ' ' .. us(now) .. ' ' .. event.pod
  redis.call(event.command, event.channel, head .. '\n' .. table.concat(lines, '\n'))
end

-- Lease events have no sequence: a lost one costs a short wait, no facts.
local function publish_leases(pod, lines)
  publish({ kind = 'lease', epoch = '-', seq = 0, pod = pod, command = ARGV[2], channel = ARGV[3] }, lines)
end

local function lease_line(target, grant, till)
  return target .. ' ' .. us(grant) .. ' ' .. us(till)
end
