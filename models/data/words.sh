#!/bin/sh
# words.sh [--small] [FOLDER] - ten spoken words, other words and silence, one second of
# 16 kHz each, as WAV files in a folder a class: words/{train,valid,test}/CLASS/*.wav.
#
# Every split has its own synthesizers and speakers:
#   train  espeak-ng (formants) in many voices and accents, Festival's statistical voice slt,
#          and ten Italian, Czech, Finnish, Catalan and Indian speakers of Festival's, who read
#          English words as their own language would write them
#   valid  Festival's diphone voice ked
#   test   flite's voices awb, rms (clusters) and kal16 (diphones); its voice slt is left out,
#          as training has heard that speaker
# sox makes 16 kHz of all; words.c varies the clips of training, places each in its second,
# sets its loudness and adds noise of a room.
. "$(dirname "$0")/generate.sh"
have words/test/11_silence && exit 0
tool espeak-ng espeak-ng
tool festival festival
tool flite flite
tool sox sox
for voice in us/cmu_us_slt_arctic_hts:festvox-us-slt-hts english/ked_diphone:festvox-kdlpc16k \
    italian/lp_diphone:festvox-italp16k italian/pc_diphone:festvox-itapc16k \
    czech/czech_dita:festvox-czech-dita czech/czech_krb:festvox-czech-krb \
    czech/czech_machac:festvox-czech-machac czech/czech_ph:festvox-czech-ph \
    finnish/suo_fi_lj_diphone:festvox-suopuhe-lj finnish/hy_fi_mv_diphone:festvox-suopuhe-mv \
    catalan/upc_ca_ona_hts:festvox-ca-ona-hts hindi/hindi_NSK_diphone:festvox-hi-nsk; do
    [ -d "/usr/share/festival/voices/${voice%:*}" ] ||
        { echo "words.sh: please install the package ${voice#*:}" >&2; exit 1; }
done
[ -e /usr/share/festival/hindi_scm/hindi_phones.scm ] ||
    { echo "words.sh: please install the package festival-hi" >&2; exit 1; }
build words
words="yes no up down left right on off stop go"
others="bed bird cat dog happy house marvin sheila tree wow zero three seven forward visual"
mkdir -p "$work/said"

# English, and as Italian (Catalan), Czech, Finnish and Hindi would write how it sounds.
cat >"$work/spelled" <<'END'
yes     ies       jes      jes       यस
no      nou       nou      nou       नो
up      ap        ap       ap        अप
down    daun      daun     daun      डाउन
left    left      left     left      लेफ्ट
right   rait      rajt     rait      राइट
on      on        on       on        ऑन
off     off       of       off       ऑफ
stop    stop      stop     stop      स्टॉप
go      gou       gou      gou       गो
bed     bed       bed      ped       बेड
bird    berd      berd     perd      बर्ड
cat     chet      ket      ket       कैट
dog     dog       dog      dog       डॉग
happy   epi       hepi     hepi      हैपी
house   aus       haus     haus      हाउस
marvin  marvin    marvin   marvin    मार्विन
sheila  scila     sila     siila     शीला
tree    tri       tri      trii      ट्री
wow     uau       vau      vau       वाव
zero    zirou     zirou    sirou     जीरो
three   tri       tri      trii      थ्री
seven   seven     sevn     seven     सेवन
forward foruord   forvord  forvord   फॉरवर्ड
visual  visual    vizual   visual    विजुअल
END

# lines [COLUMN]: `class word spelling`, 10 known words and one class of others
lines() {
    class=0
    for word in $words $others; do
        spelling=$(awk -v word="$word" -v n="${1:-1}" '$1 == word { print $n }' "$work/spelled")
        if [ $class -lt 10 ]; then
            echo "0${class}_$word $word $spelling"
        else
            echo "10_other $word $spelling"
        fi
        class=$((class + 1))
    done
}

# keep SPLIT CLASS NAME: the clip just made, as samples of 16 kHz
keep() {
    mkdir -p "$work/said/$1/$2"
    sox "$work/clip.wav" -c 1 -r 16000 -b 16 -e signed-integer -t raw -D \
        "$work/said/$1/$2/$3.raw" 2>/dev/null
}

# say_espeak SPLIT VOICES SPEEDS PITCHES
say_espeak() {
    for voice in $2; do for speed in $3; do for pitch in $4; do
        lines | while read -r class word spelling; do
            espeak-ng -v "$voice" -s "$speed" -p "$pitch" -w "$work/clip.wav" "$word" 2>/dev/null
            keep "$1" "$class" "$word.$voice.$speed.$pitch"
        done
    done; done; done
}

# say_festival SPLIT NAME SETTINGS [COLUMN]: all words by one call of Festival, after SETTINGS
# in Scheme
say_festival() {
    lines "${4:-1}" >"$work/lines"
    {
        echo "$3"
        while read -r class word spelling; do
            mkdir -p "$work/festival"
            echo "(utt.save.wave (utt.synth (Utterance Text \"$spelling\"))" \
                "\"$work/festival/$class-$word.wav\" 'riff)"
        done <"$work/lines"
    } >"$work/say.scm"
    festival -b "$work/say.scm" 2>/dev/null # it tells of diphones that it replaces
    while read -r class word spelling; do
        mv "$work/festival/$class-$word.wav" "$work/clip.wav"
        keep "$1" "$class" "$word.$2"
    done <"$work/lines"
}

# foreign STRETCHES: the speakers of other languages, voice and column of the spelling
foreign() {
    for voice in lp_diphone:2 pc_diphone:2 czech_dita:3 czech_krb:3 czech_machac:3 czech_ph:3 \
        suo_fi_lj_diphone:4 hy_fi_mv_diphone:4 upc_ca_ona_hts:2 hindi_NSK_diphone:5; do
        for stretch in $1; do
            say_festival people "${voice%:*}.$stretch" "(voice_${voice%:*})
                (Parameter.set 'Duration_Stretch $stretch)" "${voice#*:}"
        done
    done
}

# slt SPLIT SPEED HALFTONES THROAT: the statistical voice
slt() {
    say_festival "$1" "slt.$2.$3.$4" "(voice_cmu_us_slt_arctic_hts)
        (set! hts_engine_params (append hts_engine_params
            '((\"-r\" $2) (\"-fm\" $3) (\"-a\" $4))))"
}

# ked SPLIT STRETCH PITCH: the diphone voice
ked() {
    say_festival "$1" "ked.$2.$3" "(voice_ked_diphone)
        (Parameter.set 'Duration_Stretch $2)
        (set! int_lr_params '((target_f0_mean $3) (target_f0_std 14)
            (model_f0_mean 170) (model_f0_std 34)))"
}

# say_flite VOICES STRETCHES PITCHES: the test's clips
say_flite() {
    for voice in $1; do for stretch in $2; do for pitch in $3; do
        lines | while read -r class word spelling; do
            flite -voice "$voice" --setf duration_stretch=$stretch --setf int_f0_target_mean=$pitch \
                -t "$word" -o "$work/clip.wav"
            keep test "$class" "$word.$voice.$stretch.$pitch"
        done
    done; done; done
}

if [ -n "$small" ]; then
    say_espeak train "en-us en-gb en-us+f2 en-gb+klatt4" "150" "50"
    slt train 1.0 -4 0.52
    foreign 1
    ked valid 1.0 105
    say_flite "rms kal16" "1" "110"
    times=1 people=1 held=1
else
    voices=
    for accent in en-us en-gb en-us-nyc en-gb-x-rp; do
        for voice in m1 m3 m4 m7 f1 f2 f4 klatt klatt4 Andy Annie Gene Lee Linda Michael \
            Alicia Mike steph Zac; do
            voices="$voices $accent+$voice"
        done
    done
    say_espeak train "$voices en-029+m3 en-gb-scotland+m2" "150" "45"
    for throat in 0.46 0.50 0.54 0.58; do
        for halftones in -10 -5 0; do
            for speed in 0.75 0.9 1.1; do slt train $speed $halftones $throat; done
        done
    done
    for stretch in 0.9 1.1 1.35; do for pitch in 90 105 125; do ked valid $stretch $pitch; done; done
    foreign "0.75 0.95 1.2"
    say_flite "kal16 awb rms" "0.8 0.9 1 1.1 1.2" "85 105 125 145"
    times=2 people=8 held=2
fi
mkdir -p "$into/words"
# place SPLIT SEED VARY FOLDER:COPIES...: `words` adds silence, as many clips as a word has
place() {
    split=$1 seed=$2 vary=$3
    shift 3
    for folder; do
        (cd "$work/said" && find "$PWD/${folder%:*}" -name '*.raw' | LC_ALL=C sort) |
            sed "s/^/${folder#*:} /"
    done | "$work/words" "$seed" "$vary" "$into/words/$split"
}
place train 1 1 train:$times people:$people
place valid 2 0 valid:$held
place test 1000 0 test:$held
