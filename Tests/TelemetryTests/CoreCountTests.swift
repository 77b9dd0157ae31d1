import Testing

@testable import Telemetry

struct CoreCountTests {
    @Test(arguments: [("0", 1), ("0-3", 4), ("0-1,4,8-9", 5)]) func theCoresItIsBoundToAreCounted(list: String, count: Int) {
        #expect(CoreCount.allowed("Name:\tparley\nCpus_allowed:\tff\nCpus_allowed_list:\t\(list)\nMems_allowed:\t1\n") == count)
    }

    @Test(arguments: ["", "Cpus_allowed_list:", "Cpus_allowed_list: x", "Cpus_allowed_list: 3-1"]) func whatCannotBeReadIsNoLimit(status: String) {
        #expect(CoreCount.allowed(status) == nil)
    }

    @Test(arguments: [("max 100000\n", nil), ("150000 100000\n", 2), ("100000 100000", 1), ("20000 100000", 1), ("", nil), ("0 0", nil)])
    func aShareIsRoundedUp(quota: String, cores: Int?) { #expect(CoreCount.share(quota) == cores) }

    @Test func thereIsAlwaysOne() { #expect(CoreCount.available >= 1) }
}
