--- @include "answer"
-- How scripts begin that write one key of any type: one whose caller gave up on it may run later, and does nothing.

if now > tonumber(ARGV[1]) then
  return answer('late')
end
