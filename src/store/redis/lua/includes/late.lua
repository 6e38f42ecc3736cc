--- @include "answer"
-- First lines of scripts that write one key of any type. After its caller timed out, a script must do nothing.

if now > tonumber(ARGV[1]) then
  return answer('late')
end
