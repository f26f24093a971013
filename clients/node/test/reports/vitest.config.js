export default {
  test: {
    include: ["test/reports/with-vitest.js"],
    globalSetup: ["mediacloud-emulator/global-setup"],
  },
};
