-- Keep a value, or drop it: a script, so that it can be waited for like every other decision.
-- KEYS     1 the value
-- ARGV     1 its new content, '' for none
-- Returns  1

if ARGV[1] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1])
end
return 1
