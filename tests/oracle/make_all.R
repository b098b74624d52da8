# Runs R again for the reference numbers that the tests read: `make oracles`.
#
# Needs Debian's r-base-core, r-cran-survival, r-cran-cmprsk, r-cran-sandwich, r-cran-jsonlite.
# Tests read the stored JSON only, so nobody needs R to run them.
#
# Not made here: matching_*.json come from MatchIt 4.7.2.  Debian's MatchIt 4.5.1 must not be
# used for them: it ignores calipers on the distance measure and returns other pairs without
# a word.  clusters.json holds clubSandwich and fwildclusterboot, which Debian does not carry.

here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
options(warn = 1)
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(sandwich)
  library(jsonlite)
})
topics <- c("cases", "cox", "curves", "competing_risks", "hazard_models", "unempdur", "clusters")
topics <- c(topics, "one_arm", "propensity", "g_computation", "stored")
for (topic in topics) source(paste0(topic, ".R"))

# What the numbers depend on, without the machine that they were made on.
session <- sessionInfo()
versions <- sapply(session$otherPkgs, function(package) package$Version)
versions <- versions[sort(names(versions))]
writeLines(
  c(session$R.version$version.string, paste(names(versions), versions)), "sessionInfo.txt"
)
