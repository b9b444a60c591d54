-- Keep a value that only the first may set.
-- KEYS     1 the value
-- ARGV     1 its content, if it has none
-- Returns  the content that it has now

redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
