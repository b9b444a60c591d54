-- Take something that only one may have. A repeat of this very request gets it again.
-- KEYS     1 the thing
-- ARGV     1 request id, 2 life in s
-- Returns  1 when it is mine, else 0

if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then
  return 1
end
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
