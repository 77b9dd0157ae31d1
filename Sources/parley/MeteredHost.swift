import NIOCore
import Sessions
import Telemetry
import Wire

/// Counts the calls that the sessions' manager refuses.
struct MeteredHost: CallHost {
    let host: SessionManager
    let metrics: CallMetrics

    func admit(tenant: String) async -> Result<Admission, CallRefusal> {
        let answer = await host.admit(tenant: tenant)
        if case .failure(let refusal) = answer { metrics.refused(Refusal(status: refusal.status)) }
        return answer
    }

    func open(_ start: SessionStart, admission: Admission, transport: any CallTransport & Sendable, on loop: any EventLoop) async throws
        -> any CallSession
    {
        do { return try await host.open(start, admission: admission, transport: transport, on: loop) } catch let refusal as CallRefusal {
            metrics.refused(Refusal(status: refusal.status))
            throw refusal
        }
    }

    func leave(_ admission: Admission) async { await host.leave(admission) }
}
