"""Survey waves: answers of one wave, waves stacked, and scores of scales."""
