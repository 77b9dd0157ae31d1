#pragma once
#include "flite_g2p.h"
#include "mel.h"
#include "ortshim.h"
#include "pcm.h"
#include "pick.h"
#include "silero.h"
#include "voicing.h"
