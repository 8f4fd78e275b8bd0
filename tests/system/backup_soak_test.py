"""Half a minute of the soak of backups, with fixed dice: what was acknowledged before a generation began is in it.

`make soak-backup` takes an hour at it."""
import os
import unittest

from backup_soak import soak

SECONDS = 20


class BackupSoak(unittest.TestCase):
    def test_nothing_acknowledged_is_missing_from_a_generation(self):
        failures, figures = soak(os.environ["SEALIFT_BUILD_DIR"], SECONDS, every=4, seed=5, kill_every_s=3, generations_min=2)
        print(figures.text())
        self.assertEqual(failures, [])
        self.assertGreater(figures.compared, 40)
        self.assertGreater(sum(figures.killed.values()), 2)


if __name__ == "__main__":
    unittest.main()
