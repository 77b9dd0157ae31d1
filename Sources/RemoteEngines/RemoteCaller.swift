internal import Engines
internal import HTTPStreams

/// What a consumer's own closure threw: goes to the caller as it is.
struct ConsumerError: Error {
    let underlying: any Error
}

/// What one attempt has done so far.
struct Attempt {
    let response: HTTPResponse
    /// The consumer has been given something: from now on the request is not tried again.
    private(set) var hasDelivered = false

    init(_ response: HTTPResponse) { self.response = response }

    /// Gives something to the consumer.
    mutating func deliver(_ body: () async throws -> Void) async throws {
        if !hasDelivered {
            hasDelivered = true
            response.body.contentBegan()
        }
        do { try await body() } catch { throw ConsumerError(underlying: error) }
    }
}

/// Sends requests of one service and turns whatever happens into ``EngineError``.
struct RemoteCaller: Sendable {
    let client: HTTPClient
    let limits: RemoteService.Limits
    let retry: RetryPolicy
    let clock: any Clock<Duration>

    /// Sends `request` and lets `read` take the answer, again within the policy while nothing was delivered.
    ///
    /// The limit on the first delivery runs over all attempts together.
    /// - Throws: `EngineError`, `CancellationError`, or what the consumer threw.
    func call<Result>(_ request: HTTPRequest, _ read: (inout Attempt) async throws -> Result) async throws -> Result {
        try await call(request, clock: clock, read)
    }

    private func call<Result, C: Clock<Duration>>(
        _ original: HTTPRequest, clock: C, _ read: (inout Attempt) async throws -> Result
    ) async throws -> Result {
        let start = clock.now
        var request = original
        var attempts = 0
        while true {
            let (result, hasDelivered) = try await once(request, read)
            let failure: RemoteFailure
            switch result {
            case .success(let value): return value
            case .failure(let known): failure = known
            }
            attempts += 1
            let elapsed = start.duration(to: clock.now)
            guard failure.error.isRetryable, !hasDelivered,
                let wait = retry.wait(
                    before: attempts, elapsed: elapsed, asked: failure.retryAfter, chance: Double.random(in: 0..<1)),
                elapsed + wait < limits.first
            else { throw failure.error }
            try await clock.sleep(for: wait)
            request.limits.firstContent = limits.first - start.duration(to: clock.now)
        }
    }

    /// One attempt. Throws only what is never tried again.
    private func once<Result>(
        _ request: HTTPRequest, _ read: (inout Attempt) async throws -> Result
    ) async throws -> (Swift.Result<Result, RemoteFailure>, hasDelivered: Bool) {
        var hasDelivered = false
        do {
            let response = try await client.send(request)
            guard response.isSuccess else {
                let body = (try? await response.body.collect(upTo: 16 * 1024)) ?? []
                try Task.checkCancellation()
                return (.failure(RemoteFailure(response, body: body)), false)
            }
            var attempt = Attempt(response)
            do {
                let value = try await read(&attempt)
                return (.success(value), attempt.hasDelivered)
            } catch {
                hasDelivered = attempt.hasDelivered
                throw error
            }
        } catch let error as ConsumerError {
            throw error.underlying
        } catch let error as HTTPStreamError {
            return (.failure(RemoteFailure(error)), hasDelivered)
        } catch let error as RemoteFailure {
            return (.failure(error), hasDelivered)
        }
    }
}
