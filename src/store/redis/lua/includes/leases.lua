--- @include "fields"
-- A lease: "<grant> <pod> <until us> <window start us> <count>". What does not parse is absent.

local function lease_from(text)
  if not text then
    return nil
  end
  local grant, pod, till, window, count = string.match(text, '^(%d+) ([%w@._:-]+) (%d+) (%d+) (%d+)$')
  if not grant or #pod > 128 then
    return nil
  end
  local lease = { grant = time_of(grant), pod = pod, till = time_of(till), window = time_of(window), count = stamp_of(count) }
  if not (lease.grant and lease.till and lease.window and lease.count) then
    return nil
  end
  return lease
end

local function lease_text(lease)
  return us(lease.grant) .. ' ' .. lease.pod .. ' ' .. us(lease.till) .. ' ' .. us(lease.window) .. ' ' .. us(lease.count)
end

-- The leases of some targets, and the changed ones, in the order of their first change.
local function open_leases(key, targets)
  local book = { key = key, leases = {}, garbage = {}, changed = {}, seen = {} }
  for target, text in pairs(read_fields(key, targets)) do
    book.leases[target] = lease_from(text)
    if text and not book.leases[target] then
      book.garbage[target] = text
    end
  end
  return book
end

local function put_lease(book, target, lease)
  book.leases[target] = lease
  book.garbage[target] = nil
  if not book.seen[target] then
    book.seen[target] = true
    book.changed[#book.changed + 1] = target
  end
end

local function write_leases(book)
  local flat = {}
  for _, target in ipairs(book.changed) do
    flat[#flat + 1] = target
    flat[#flat + 1] = lease_text(book.leases[target])
  end
  write_fields(book.key, flat)
end
