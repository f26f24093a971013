export default {
  test: {
    include: ["test/reports/with-vitest.js"],
    testTimeout: 60_000,
    globalSetup: ["mediacloud-emulator/global-setup"],
  },
};
